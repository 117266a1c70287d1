"""Makes library/src/test/resources/golden/tokenizers: tokenizers in files of old and what transformers makes of them.

    python make_tokenizers.py ../resources/golden/tokenizers

Needs transformers 5.17, tokenizers and sentencepiece. Every folder holds the files of one tokenizer, without
tokenizer.json, and expected.json: texts, their ids with special tokens, the text of these ids without special tokens,
len(tokenizer) and the ids of the special tokens by role. "as-trained" has no tokenizer class; its ids are those of
sentencepiece, since transformers forgets the space in front of such a text; texts that spell a piece of sentencepiece's
own are left out there.
"""

import io
import json
import os
import random
import sys
import tempfile
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"

import sentencepiece
from sentencepiece import sentencepiece_model_pb2
from tokenizers import Tokenizer, models, pre_tokenizers, trainers
from transformers import AutoTokenizer

SENTENCES = [
    "The cat sat on the mat and the dog sat on the log.",
    "Spring comes and the flowers open; spring goes and the flowers fade.",
    "春天来了，花开了。春天走了，花谢了。",
    "A cat's hat, the dog's mat: 12 cats, 345 dogs.",
    "thé café où l'été naïve façade",
] * 4

TEXTS = [
    "",
    " ",
    "   ",
    "The cat sat",
    "  the  dog 日 x\n\ny",
    "cat's we'll THE'S 12345",
    "tab\tand\r\nnew line \u3000 wide \u00a0 nbsp",
    "cafe\u0301 café CAFÉ ＡＢ ﬁ",
    "😀 春天来了",
    "▁the ▁",
    "[CLS] x [MASK] y",
    "the <mask> cat",
    "<s>cat</s>",
    "a<tool>b",
    "<start_of_turn>user\ncat<end_of_turn>\n",
    "<extra_id_0> cat <extra_id_5>",
    "<|im_start|>user\nhi<|im_end|><|endoftext|>",
]
LETTERS = list("abcdefghthe catdog <>/s\n 12春天é.")
RANDOM = random.Random(7)
TEXTS += ["".join(RANDOM.choices(LETTERS, k=RANDOM.randint(1, 25))) for _ in range(30)]

ROLES = ["bos", "eos", "unk", "sep", "pad", "cls", "mask"]


def write_json(file, value):
    file.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def byte_pairs(folder, first=(), last=()):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(
        vocab_size=300, special_tokens=list(first), initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False
    )
    tokenizer.train_from_iterator(SENTENCES, trainer)
    model = json.loads(tokenizer.to_str())["model"]
    for token in last:
        model["vocab"][token] = len(model["vocab"])
    (folder / "vocab.json").write_text(json.dumps(model["vocab"], ensure_ascii=False), encoding="utf-8")
    lines = ["#version: 0.2"] + [" ".join(pair) for pair in model["merges"]]
    (folder / "merges.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return len(model["vocab"])


def word_pieces(folder):
    tokens = "[PAD] [UNK] [CLS] [SEP] [MASK] the cat ##s sat The 春 天 来 了 . ' s 12 ##3 cafe café a ##b".split()
    (folder / "vocab.txt").write_text("\n".join(tokens) + "\n", encoding="utf-8")


def pieces(file, **options):
    rules = {"ﬁ": "fi", "Ａ": "A", "Ｂ": "B", "\t": " ", "\n": " ", "\r": " ", "\u3000": " ", "\u00a0": " ", "e\u0301": "é"}
    with tempfile.TemporaryDirectory() as work:
        if "normalization_rule_name" not in options:
            tsv = Path(work, "rules.tsv")
            code = lambda text: " ".join(f"{ord(c):X}" for c in text)
            tsv.write_text("".join(f"{code(k)}\t{code(v)}\n" for k, v in rules.items()), encoding="utf-8")
            options["normalization_rule_tsv"] = str(tsv)
        model = io.BytesIO()
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(SENTENCES), model_writer=model, hard_vocab_limit=False, minloglevel=2, **options
        )
    proto = sentencepiece_model_pb2.ModelProto.FromString(model.getvalue())
    proto.normalizer_spec.ClearField("normalization_rule_tsv")  # a path of this machine
    file.write_bytes(proto.SerializeToString())


def added(content, special=True, lstrip=False):
    return dict(content=content, lstrip=lstrip, rstrip=False, normalized=False, single_word=False, special=special)


def gpt2(folder):
    byte_pairs(folder, last=["<|endoftext|>"])
    write_json(folder / "config.json", {"model_type": "gpt2"})
    return None


def gpt2_with_bos(folder):
    byte_pairs(folder, last=["<|endoftext|>"])
    return {"tokenizer_class": "GPT2Tokenizer", "add_bos_token": True, "add_prefix_space": True, "pad_token": "<pad>"}


def roberta(folder):
    byte_pairs(folder, first=["<s>", "<pad>", "</s>", "<unk>"], last=["<mask>"])
    mask = {"__type": "AddedToken", **added("<mask>", lstrip=True)}
    mask.pop("special")
    return {"tokenizer_class": "RobertaTokenizer", "mask_token": mask}


def qwen2(folder):
    size = byte_pairs(folder)
    tokens = [added("<|endoftext|>"), added("<|im_start|>"), added("<|im_end|>"), added("<tool>", special=False)]
    return {
        "tokenizer_class": "Qwen2Tokenizer",
        "add_prefix_space": None,
        "added_tokens_decoder": {str(size + i): token for i, token in enumerate(tokens)},
        "additional_special_tokens": ["<|im_start|>", "<|im_end|>"],
        "bos_token": None,
        "eos_token": "<|im_end|>",
        "pad_token": "<|endoftext|>",
        "unk_token": None,
    }


def qwen2_of_old(folder):
    size = byte_pairs(folder)
    tokens = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
    write_json(folder / "added_tokens.json", {token: size + i for i, token in enumerate(tokens)})
    write_json(
        folder / "special_tokens_map.json",
        {"additional_special_tokens": tokens[1:], "eos_token": "<|im_end|>", "pad_token": "<|endoftext|>"},
    )
    return {"tokenizer_class": "Qwen2Tokenizer"}


def bert(folder):
    word_pieces(folder)
    write_json(folder / "config.json", {"model_type": "bert"})
    return None


def bert_cased(folder):
    word_pieces(folder)
    return {
        "tokenizer_class": "BertTokenizer",
        "do_lower_case": False,
        "strip_accents": False,
        "tokenize_chinese_chars": False,
    }


def distilbert(folder):
    word_pieces(folder)
    return {"tokenizer_class": "DistilBertTokenizer", "do_lower_case": True, "strip_accents": False}


def llama(folder):
    pieces(
        folder / "tokenizer.model",
        model_type="bpe",
        vocab_size=330,
        byte_fallback=True,
        normalization_rule_name="identity",
        remove_extra_whitespaces=False,
        user_defined_symbols=["<tool>", "\n\n"],
        control_symbols=["<control>"],
    )
    return {"tokenizer_class": "LlamaTokenizer", "add_bos_token": True, "legacy": True, "add_prefix_space": None}


def llama_not_legacy(folder):
    llama(folder)
    return {"tokenizer_class": "LlamaTokenizer", "add_bos_token": True, "add_eos_token": True, "legacy": False}


def gemma(folder):
    pieces(
        folder / "tokenizer.model",
        model_type="bpe",
        vocab_size=330,
        byte_fallback=True,
        normalization_rule_name="identity",
        remove_extra_whitespaces=False,
        add_dummy_prefix=False,
        pad_id=0,
        eos_id=1,
        bos_id=2,
        unk_id=3,
        bos_piece="<bos>",
        eos_piece="<eos>",
        user_defined_symbols=["<mask>", "<start_of_turn>", "<end_of_turn>", "\n"],
    )
    return {"tokenizer_class": "GemmaTokenizer", "add_bos_token": True}


def t5(folder):
    pieces(folder / "spiece.model", model_type="unigram", vocab_size=70, pad_id=0, eos_id=1, unk_id=2, bos_id=-1)
    return {"tokenizer_class": "T5Tokenizer", "extra_ids": 6}


def xlm_roberta(folder):
    pieces(folder / "sentencepiece.bpe.model", model_type="unigram", vocab_size=70)
    return {"tokenizer_class": "XLMRobertaTokenizer"}


def as_trained(folder):
    pieces(folder / "tokenizer.model", model_type="unigram", vocab_size=330, byte_fallback=True)
    return {"tokenizer_class": "PreTrainedTokenizerFast"}


def expected(folder):
    tokenizer = AutoTokenizer.from_pretrained(folder)
    if folder.name == "as-trained":
        model = sentencepiece.SentencePieceProcessor(str(folder / "tokenizer.model"))
        texts = [text for text in TEXTS if "<s>" not in text and "▁" not in text]
        ids = [model.encode(text) for text in texts]
        decoded = [model.decode(row) for row in ids]
    else:
        texts = TEXTS
        ids = [tokenizer.encode(text) for text in texts]
        decoded = [tokenizer.decode(row, skip_special_tokens=True) for row in ids]
    pairs = [] if folder.name == "as-trained" else tokenizer(texts[3:6], texts[4:7])["input_ids"]
    roles = {role + "_token": getattr(tokenizer, role + "_token_id") for role in ROLES}
    return {
        "size": len(tokenizer),
        "roles": {role: token for role, token in roles.items() if token is not None},
        "pairs": pairs,
        "rows": [{"text": t, "ids": i, "decoded": d} for t, i, d in zip(texts, ids, decoded)],
    }


def main():
    makers = [gpt2, gpt2_with_bos, roberta, qwen2, qwen2_of_old, bert, bert_cased, distilbert]
    makers += [llama, llama_not_legacy, gemma, t5, xlm_roberta, as_trained]
    for maker in makers:
        folder = Path(sys.argv[1]) / maker.__name__.replace("_", "-")
        folder.mkdir(parents=True, exist_ok=True)
        config = maker(folder)
        if config is not None:
            write_json(folder / "tokenizer_config.json", config)
        file = folder / "expected.json"
        file.write_text(json.dumps(expected(folder), ensure_ascii=False) + "\n", encoding="utf-8")


main()
