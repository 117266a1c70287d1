"""Writes whole training runs of transformers' Trainer: resources/golden/runs/*.json.

    python runs.py [NAME ...]        (torch 2.13, transformers 5.17.0, trl 1.13, CPU)

Each file holds the arguments, the rows and the log_history. Shuffling and dropout are on, so that a run which follows
takes the same draws from the random stream. The models are those of resources/golden/models.
"""

import json
import random
import sys
import tempfile
from pathlib import Path

import datasets
import torch
from transformers import (
    AutoModelForCausalLM, AutoModelForSequenceClassification, DataCollatorForSeq2Seq, DataCollatorWithPadding,
    PreTrainedTokenizerFast, Trainer, TrainingArguments,
)
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from trl.trainer.sft_trainer import dft_loss

RESOURCES = Path(__file__).parent.parent / "resources" / "golden"
COMMON = {
    "per_device_train_batch_size": 4, "per_device_eval_batch_size": 4, "num_train_epochs": 2, "learning_rate": 1e-3,
    "weight_decay": 0.01, "logging_steps": 1, "eval_strategy": "epoch", "save_strategy": "no", "seed": 7,
}
DROPOUT = {"hidden_dropout_prob": 0.1, "attention_probs_dropout_prob": 0.1}
RUNS = {
    "bert-dropout": ("bert-cls", DROPOUT, {"warmup_steps": 0.2, "lr_scheduler_type": "cosine", "eval_on_start": True}),
    "bert-accumulate": ("bert-cls", DROPOUT, {"gradient_accumulation_steps": 3, "num_train_epochs": 3}),
    "bert-smoothing": (
        "bert-cls", DROPOUT,
        {"label_smoothing_factor": 0.2, "gradient_accumulation_steps": 3, "neftune_noise_alpha": 2.0, "data_seed": 3}),
    "qwen2-features": (
        "qwen2", {"attention_dropout": 0.1},
        {"label_smoothing_factor": 0.1, "neftune_noise_alpha": 5.0, "train_sampling_strategy": "group_by_length",
         "lr_scheduler_type": "polynomial", "lr_scheduler_kwargs": {"power": 2.0}, "optim": "adafactor",
         "gradient_accumulation_steps": 2, "include_num_input_tokens_seen": "non_padding"}),
    "qwen2-sgd": (
        "qwen2", {"attention_dropout": 0.1},
        {"optim": "sgd", "optim_args": "momentum=0.9", "learning_rate": 0.1, "train_sampling_strategy": "sequential",
         "lr_scheduler_type": "reduce_lr_on_plateau", "lr_scheduler_kwargs": {"patience": 0, "factor": 0.5, "threshold": 0.5},
         "num_train_epochs": 4, "dataloader_drop_last": True, "include_num_input_tokens_seen": "all"}),
    "qwen2-dft": ("qwen2", {"attention_dropout": 0.1}, {"loss_type": "dft", "gradient_accumulation_steps": 2}),
}


def rows(count, classifier, vocabulary, draw):
    made = []
    for _ in range(count):
        ids = [draw.randrange(3, vocabulary) for _ in range(draw.randrange(4, 13))]
        label = draw.randrange(2) if classifier else [-100, -100] + ids[2:]
        made.append({"input_ids": ids, "attention_mask": [1] * len(ids), "labels": label})
    return made


def run(model_name, changes, arguments):
    folder = RESOURCES / "models" / model_name
    classifier = "cls" in model_name
    auto = AutoModelForSequenceClassification if classifier else AutoModelForCausalLM
    model = auto.from_pretrained(folder, dtype=torch.float32, **changes)
    draw = random.Random(5)
    train, test = (rows(n, classifier, min(60, model.config.vocab_size), draw) for n in (22, 9))
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=Tokenizer(WordLevel({"x": 0}, "x")), pad_token="x")
    collator = DataCollatorWithPadding(tokenizer) if classifier else DataCollatorForSeq2Seq(tokenizer)
    given = {**COMMON, **arguments}
    loss = dft_loss if given.pop("loss_type", "nll") == "dft" else None  # as SFTTrainer, which has the argument, does
    with tempfile.TemporaryDirectory() as out:
        trainer = Trainer(
            model, TrainingArguments(out, report_to="none", use_cpu=True, **given), data_collator=collator,
            compute_loss_func=loss,
            train_dataset=datasets.Dataset.from_list(train), eval_dataset=datasets.Dataset.from_list(test))
        trainer.train()
    timed = ("_runtime", "_per_second", "total_flos")
    log = [{k: v for k, v in row.items() if not k.endswith(timed)} for row in trainer.state.log_history]
    return {"model": model_name, "config": changes, "arguments": {**COMMON, **arguments}, "train": train, "eval": test, "log_history": log}


if __name__ == "__main__":
    torch.set_num_threads(1)
    (RESOURCES / "runs").mkdir(exist_ok=True)
    for name, case in RUNS.items() if len(sys.argv) < 2 else [(name, RUNS[name]) for name in sys.argv[1:]]:
        (RESOURCES / "runs" / f"{name}.json").write_text(json.dumps(run(*case)) + "\n")
