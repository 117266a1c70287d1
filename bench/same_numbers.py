"""The Python side of same-numbers: the same run with TRL, and the comparison with the log that trainer4j left."""
import csv
import json
import os
import sys

import datasets
import torch
import transformers
import yaml
from trl import SFTConfig, SFTTrainer

folder, model, file, prompt, completion, seed, encoding = sys.argv[1:]
TOLERANCE = {"loss": 1e-4, "eval_loss": 1e-4, "grad_norm": 1e-3, "learning_rate": 1e-12}


def theirs():
    with open(file, encoding=encoding, newline="") as text:
        rows = list(csv.DictReader(text))
    tokenizer = transformers.AutoTokenizer.from_pretrained(model)
    if tokenizer.chat_template:
        columns = {
            "prompt": [[{"role": "user", "content": row[prompt]}] for row in rows],
            "completion": [[{"role": "assistant", "content": row[completion]}] for row in rows],
        }
    else:
        columns = {"prompt": [row[prompt] for row in rows], "completion": [row[completion] for row in rows]}
    split = datasets.Dataset.from_dict(columns).train_test_split(test_size=0.2, seed=int(seed))
    with open(os.path.join(folder, "arguments.yaml"), encoding="utf-8") as text:
        arguments = yaml.safe_load(text)
    config = SFTConfig(
        output_dir=os.path.join(folder, "theirs"), report_to="none", use_cpu=True, disable_tqdm=True, loss_type="nll",
        gradient_checkpointing=False, **{"bf16": False, **arguments},
    )
    network = transformers.AutoModelForCausalLM.from_pretrained(model, dtype=torch.float32)
    trainer = SFTTrainer(
        network, config, train_dataset=split["train"], eval_dataset=split["test"], processing_class=tokenizer)
    trainer.train()
    return trainer.state.log_history


def difference(figure, ours, other):
    """Absolute, but relative for gradient norms."""
    return abs(ours - other) / (max(abs(other), 1e-12) if figure == "grad_norm" else 1)


with open(os.path.join(folder, "ours", "trainer_state.json"), encoding="utf-8") as text:
    ours = json.load(text)["log_history"]
other = theirs()
largest = dict.fromkeys(TOLERANCE, 0.0)
for mine, his in zip(ours, other):
    differences = {f: difference(f, mine[f], his[f]) for f in TOLERANCE if f in his}
    for figure, value in differences.items():
        largest[figure] = max(largest[figure], value)
    if differences:
        shown = "  ".join(f"{f} {mine[f]:.6g} {his[f]:.6g} ({value:.1e})" for f, value in differences.items())
        print(f"step {his['step']:5d}  {shown}")
print("largest difference  " + "  ".join(f"{f} {value:.1e}" for f, value in largest.items()))
agree = len(ours) == len(other) and all(largest[f] <= TOLERANCE[f] for f in TOLERANCE)
print("The numbers are the same." if agree else "The numbers differ.")
sys.exit(0 if agree else 1)
