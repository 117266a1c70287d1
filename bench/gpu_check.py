"""Trains from the start and rows that GpuCheck left, with Hugging Face's Trainer on the GPU, and compares the losses."""
import json
import os
import sys

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TOKENIZERS_PARALLELISM"] = "false"
import torch
import transformers
from transformers import AutoModelForCausalLM, Trainer, TrainingArguments

folder = sys.argv[1]
use_cpu = not torch.cuda.is_available()
rows = json.load(open(os.path.join(folder, "rows.json")))
dataset = [{"input_ids": i, "labels": l} for i, l in zip(rows["input_ids"], rows["labels"])]


def collate(batch):
    length = max(len(row["input_ids"]) for row in batch)
    pad = lambda values, filler: values + [filler] * (length - len(values))
    return {
        "input_ids": torch.tensor([pad(row["input_ids"], 0) for row in batch]),
        "attention_mask": torch.tensor([pad([1] * len(row["input_ids"]), 0) for row in batch]),
        "labels": torch.tensor([pad(row["labels"], -100) for row in batch]),
    }


def losses(**precision):
    transformers.set_seed(42)
    model = AutoModelForCausalLM.from_pretrained(os.path.join(folder, "start"), dtype=torch.float32)
    arguments = TrainingArguments(
        os.path.join(folder, "python"), per_device_train_batch_size=4, max_steps=20, learning_rate=1e-3,
        warmup_steps=2, weight_decay=0.01, logging_steps=1, save_strategy="no", report_to=[], disable_tqdm=True,
        use_cpu=use_cpu, **precision)
    trainer = Trainer(model, arguments, train_dataset=dataset, data_collator=collate)
    trainer.train()
    return [row["loss"] for row in trainer.state.log_history if "loss" in row]


failed = False
for name, precision, most in [("fp32", {}, 1e-3), ("bf16", {"bf16": True}, 3e-2), ("fp16", {"fp16": True}, 3e-2)]:
    file = os.path.join(folder, f"losses-{name}.json")
    if not os.path.exists(file):
        print(f"python-{name}: no losses of trainer4j to compare with")
        continue
    try:
        ours, theirs = json.load(open(file)), [float(loss) for loss in losses(**precision)]
        difference = max(abs(a - b) for a, b in zip(ours, theirs))
        good = len(ours) == len(theirs) and difference <= most
        print(f"{'PASS' if good else 'FAIL'} python-{name} losses differ by {difference:.2e}; "
              f"last {ours[-1]:.5f} and {theirs[-1]:.5f}")
        failed |= not good
    except Exception as e:  # the other precisions are still to be compared
        print(f"FAIL python-{name} {e!r}")
        failed = True
sys.exit(failed)
