"""Trains on a CSV file in trainer4j and in Python with the same arguments, and prints both logs beside each other.

For causal-lm Python's side is TRL's SFTTrainer on prompt and completion, for sequence-classification transformers' Trainer
on text and label. Exit status 1 when a loss differs by more than 1e-4, a gradient norm by more than a thousandth of itself
or a learning rate by more than rounding, 2 when one of the two cannot run.

Examples:
  bench/same-numbers MODEL qa.csv Question Answer seed=7 lr_scheduler_type=cosine gradient_accumulation_steps=2
  bench/same-numbers MODEL texts.csv question label task=sequence-classification optim=sgd max_length=64
"""
import argparse
import csv
import json
import math
import os
import re
import subprocess
import sys
import tempfile

ALLOWED = {"loss": 1e-4, "grad_norm": 1e-3, "learning_rate": 1e-12}
ARGUMENTS = {
    "num_train_epochs": 2, "per_device_train_batch_size": 4, "per_device_eval_batch_size": 8, "learning_rate": 5e-4,
    "weight_decay": 0.01, "optim": "adamw_torch", "logging_steps": 1, "eval_strategy": "epoch", "save_strategy": "no",
    "max_length": 256, "seed": 42, "bf16": False, "gradient_checkpointing": False,
}


def read_command_line():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", help="folder with config.json, tokenizer and weights")
    parser.add_argument("csv", help="file with a header line, in UTF-8 or GB18030")
    parser.add_argument("input", help="column of the prompts, or of the texts to classify")
    parser.add_argument("output", help="column of the completions, or of the labels")
    parser.add_argument(
        "arguments", nargs="*", metavar="NAME=VALUE",
        help="training arguments, named as in Python, and task, prompt_style, test_size; instead of "
        + ", ".join(f"{name}={json.dumps(value)}" for name, value in ARGUMENTS.items()))
    given = parser.parse_args()
    for argument in given.arguments:
        if "=" not in argument:
            parser.error(f"{argument} is not of the form NAME=VALUE")
    given.arguments = ARGUMENTS | {name: parsed(value) for name, value in (a.split("=", 1) for a in given.arguments)}
    return given


def parsed(value):
    try:
        return json.loads(value)
    except ValueError:
        return value


def ours(given, folder):
    """What trainer4j logs."""
    classify = given.arguments.get("task", "causal-lm") != "causal-lm"
    columns = ("text_column", "label_column") if classify else ("prompt_column", "completion_column")
    config = dict(zip(columns, (given.input, given.output))) | given.arguments | {
        "model": given.model, "train_file": given.csv, "output_dir": os.path.join(folder, "ours"), "no_clean": True,
        "split_seed": given.arguments["seed"], "disable_tqdm": True, "hf_compat": True}
    file = os.path.join(folder, "arguments.json")
    with open(file, "w", encoding="utf-8") as text:
        json.dump(config, text, ensure_ascii=False)
    program = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "trainer4j")
    run = subprocess.run([program, "finetune", "--config", file], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if run.returncode:
        sys.stderr.write(run.stdout)
        sys.exit(2)
    with open(os.path.join(folder, "ours", "trainer_state.json"), encoding="utf-8") as text:
        return json.load(text)["log_history"]


def read_rows(file):
    with open(file, "rb") as binary:
        content = binary.read()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030")
    return list(csv.DictReader(text.splitlines(keepends=True)))


def theirs(given, folder):
    """What Python logs."""
    arguments = dict(given.arguments)
    task = arguments.pop("task", "causal-lm")
    style = arguments.pop("prompt_style", "auto")
    test_size = arguments.pop("test_size", 0.2)
    arguments |= {"output_dir": os.path.join(folder, "theirs"), "report_to": "none", "use_cpu": True, "disable_tqdm": True}
    rows = read_rows(given.csv)
    inputs, outputs = ([row[column] for row in rows] for column in (given.input, given.output))
    tokenizer = transformers.AutoTokenizer.from_pretrained(given.model)
    transformers.set_seed(arguments["seed"])  # a new classification head is drawn from it
    build = classifier if task == "sequence-classification" else language_model
    chat = style == "chat" or style == "auto" and tokenizer.chat_template

    def split(columns):
        return datasets.Dataset.from_dict(columns).train_test_split(test_size=test_size, seed=arguments["seed"])

    trainer = build(given.model, tokenizer, inputs, outputs, chat, split, arguments)
    trainer.remove_callback(transformers.PrinterCallback)
    trainer.train()
    return trainer.state.log_history


def language_model(model, tokenizer, inputs, outputs, chat, split, arguments):
    if chat:
        inputs = [[{"role": "user", "content": text}] for text in inputs]
        outputs = [[{"role": "assistant", "content": text}] for text in outputs]
    rows = split({"prompt": inputs, "completion": outputs})
    network = transformers.AutoModelForCausalLM.from_pretrained(model, dtype=torch.float32)
    return trl.SFTTrainer(
        network, trl.SFTConfig(loss_type="nll", **arguments), train_dataset=rows["train"], eval_dataset=rows["test"],
        processing_class=tokenizer)


def classifier(model, tokenizer, inputs, outputs, chat, split, arguments):
    config = transformers.AutoConfig.from_pretrained(model)
    found = sorted(set(outputs), key=lambda label: (int(label), "") if re.fullmatch(r"-?\d+", label) else (math.inf, label))
    labels = [config.id2label[i] for i in range(len(config.id2label))]
    if not set(found) <= set(labels):
        labels = found
    longest = arguments.pop("max_length")
    rows = split({"text": inputs, "label": [labels.index(label) for label in outputs]})
    rows = rows.map(lambda row: tokenizer(row["text"], truncation=True, max_length=longest), batched=True)
    network = transformers.AutoModelForSequenceClassification.from_pretrained(
        model, num_labels=len(labels), dtype=torch.float32)
    return transformers.Trainer(
        network, transformers.TrainingArguments(**arguments), train_dataset=rows["train"], eval_dataset=rows["test"],
        processing_class=tokenizer)


def figures(log):
    """From step and kind of row to figures."""
    rows = {}
    for row in log:
        kind = next((kind for kind in ("eval_loss", "train_loss", "loss") if kind in row), None)
        rows[row["step"], kind] = {"loss": row.get(kind)} | {f: row[f] for f in ALLOWED if f in row and f != "loss"}
    return rows


def difference(figure, mine, other):
    """Absolute, but relative for gradient norms; infinite where only one of them is a number."""
    if mine is None or other is None or math.isnan(mine) != math.isnan(other):
        return math.inf
    if math.isnan(mine) or mine == other:
        return 0.0
    return abs(mine - other) / (abs(other) if figure == "grad_norm" and other else 1)


def compare(mine, other):
    """Prints a line for each row of the logs; whether all differences are allowed."""
    largest = dict.fromkeys(ALLOWED, 0.0)
    print("step        " + "".join(f"{f:>14}{'in Python':>14}{'difference':>12}  " for f in ALLOWED).rstrip())
    for step, kind in dict.fromkeys([*other, *mine]):
        line = f"{step:<7}{'' if kind == 'loss' else kind.removesuffix('_loss'):5}"
        left, right = mine.get((step, kind), {}), other.get((step, kind), {})
        for figure in ALLOWED:
            if figure in left or figure in right:
                a, b = left.get(figure), right.get(figure)
                value = difference(figure, a, b)
                largest[figure] = max(largest[figure], value)
                shown = "".join(f"{'none' if x is None else format(x, '.7g'):>14}" for x in (a, b))
                line += f"{shown}{value:>12.1e}" + ("  " if value <= ALLOWED[figure] else " !")
        print(line.rstrip())
    print("largest     " + "".join(f"{value:>40.1e}  " for value in largest.values()).rstrip())
    return all(largest[figure] <= ALLOWED[figure] for figure in ALLOWED)


given = read_command_line()
try:
    import datasets
    import torch
    import transformers
    import trl
except ImportError as error:
    sys.exit(print(f"{sys.executable} lacks a package: {error}. Install trl, transformers, datasets and torch there, or set "
                   "PYTHON to another Python.", file=sys.stderr) or 2)
transformers.logging.set_verbosity_error()
datasets.disable_progress_bars()
with tempfile.TemporaryDirectory() as folder:
    mine = ours(given, folder)
    try:
        other = theirs(given, folder)
    except (ImportError, TypeError, ValueError) as error:  # an argument or optimizer that this Python does not have
        sys.exit(print(f"Python cannot run this: {error}", file=sys.stderr) or 2)
same = compare(figures(mine), figures(other))
print("The numbers are the same." if same else "The numbers differ.")
sys.exit(0 if same else 1)
