"""Writes src/test/resources/golden/metrics/*.json: figures of scikit-learn, sacrebleu and rouge_score for texts and logits
of our own. Run in library/: python src/test/golden/metrics.py (scikit-learn, sacrebleu, numpy, rouge_score 0.1.2, or its
rouge_scorer.py as the first argument where the package cannot be installed).
"""
import ast, json, pathlib, re, sys
import numpy as np, sacrebleu
from sklearn import metrics

OUT = pathlib.Path("src/test/resources/golden/metrics")


def lcs_scorer():
    """_score_lcs of rouge_score, from the package or cut out of the one file, whose other imports are not needed."""
    try:
        from rouge_score import rouge_scorer
        return rouge_scorer._score_lcs
    except ImportError:
        import collections, types
        tree = ast.parse(open(sys.argv[1]).read())
        tree.body = [n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name in ("_score_lcs", "_lcs_table")]
        fmeasure = lambda p, r: 2 * p * r / (p + r) if p + r > 0 else 0.0
        scoring = types.SimpleNamespace(Score=collections.namedtuple("Score", "precision recall fmeasure"), fmeasure=fmeasure)
        names = {"scoring": scoring}
        exec(compile(tree, sys.argv[1], "exec"), names)
        return names["_score_lcs"]


SCORE_LCS = lcs_scorer()


def classification(name, seed, rows, classes, used, scale):
    random = np.random.default_rng(seed)
    labels = random.integers(0, used, rows)
    logits = random.normal(size=(rows, classes)) * scale
    logits[np.arange(rows), labels] += 1
    logits = np.round(logits, 1).astype(np.float32)  # one digit, so that scores tie
    p = np.exp(logits.astype(np.float64) - logits.max(1, keepdims=True))
    p /= p.sum(1, keepdims=True)
    predicted = logits.argmax(1)
    expected = {"accuracy": metrics.accuracy_score(labels, predicted)}
    for average in ("macro", "micro", "weighted"):
        values = metrics.precision_recall_fscore_support(labels, predicted, average=average, zero_division=0)
        for kind, value in zip(("precision", "recall", "f1"), values):
            expected[f"{kind}_{average}"] = value
    if classes == 2:
        expected["roc_auc"] = metrics.roc_auc_score(labels, p[:, 1])
    elif used == classes:
        expected["roc_auc"] = metrics.roc_auc_score(labels, p, multi_class="ovr")
    confidence, right = p.max(1), predicted == labels
    edges = np.linspace(0, 1, 16)
    error = 0
    for low, high in zip(edges, edges[1:]):
        inside = (confidence > low) & (confidence <= high)
        if inside.any():
            error += inside.mean() * abs(confidence[inside].mean() - right[inside].mean())
    expected["calibration_error"] = error
    each = metrics.precision_recall_fscore_support(labels, predicted, labels=range(classes), zero_division=0)
    return {
        "name": name,
        "logits": [[round(float(x), 1) for x in row] for row in logits],
        "labels": labels.tolist(),
        "expected": {k: float(v) for k, v in expected.items()},
        "per_class": np.array(each).T.tolist(),
        "confusion": metrics.confusion_matrix(labels, predicted, labels=range(classes)).tolist(),
    }


def texts(name, pairs):
    predictions, references = map(list, zip(*pairs))
    bleu = {t: sacrebleu.corpus_bleu(predictions, [references], tokenize=t).score for t in ("zh", "13a", "char")}
    tokenizers = {"zh": lambda t: [c for c in t if not c.isspace()],
                  "13a": lambda t: [w for w in re.split("[^a-z0-9]+", t.lower()) if w]}
    rouge = {k: float(np.mean([SCORE_LCS(f(r), f(p)).fmeasure for p, r in pairs])) for k, f in tokenizers.items()}
    return {"name": name, "predictions": predictions, "references": references, "bleu": bleu, "rouge_l": rouge}


ZH = [
    ("每天喝八杯水，少吃盐。", "每天应喝八杯水，并且少吃盐。"),
    ("可以吃，但不要超过100克。", "可以吃，不过每次不超过100.5克。"),
    ("“多休息”……不要熬夜——好吗？", "“多休息”……别熬夜——好不好？"),
    ("血压140/90mmHg，BMI=24.5。", "血压为140/90 mmHg，BMI 24.5。"),
    (" 步行\u3000三十分钟\n", "步行 三十 分钟"),
]
EN = [
    ("The cat sat on the mat.", "The cat is sitting on the mat."),
    ("It costs $3.50, not 1,000-2,000!", "It costs $3.50 and not 1,000-2,500."),
    ("He said &quot;no&quot; &amp; left.", 'He said "no" & left (early).'),
    ("state-of-\nthe-art, e.g. v2.0", "state-of-the-art, e.g. v2.0"),
]
TEXTS = [
    texts("chinese", ZH),
    texts("english", EN),
    texts("mixed", ZH + EN),
    texts("one order without match", [("甲乙丙丁戊", "甲乙己丙丁庚")]),
    texts("too short", [("好", "好"), ("是的", "是")]),
    texts("nothing in common", [("甲乙丙丁", "子丑寅卯")]),
    texts("empty", [("", "答案"), ("有", "有的呀呀呀")]),
    texts("rare characters", [("𠮷野家・ラーメン 12,5.", "𠮷野家、ラーメン 12,5 。"), (".5克, 5.", ".5 克,5.")]),
    texts("same", [("一样的句子。", "一样的句子。")]),
]
ROWS = [
    classification("binary", 1, 60, 2, 2, 1.0),
    classification("five classes", 2, 120, 5, 5, 1.5),
    classification("classes without rows", 3, 12, 6, 4, 1.0),
]
for file, content in (("classification.json", ROWS), ("text.json", TEXTS)):
    OUT.joinpath(file).write_text(json.dumps(content, ensure_ascii=False, indent=None, separators=(",", ":")) + "\n")
