"""Writes what transformers' TrainingArguments write for their defaults: resources/golden/arguments/training_args.json.

    python arguments.py        (transformers 5.17.0)
"""

from pathlib import Path

from transformers import TrainingArguments

FOLDER = Path(__file__).parent.parent / "resources" / "golden" / "arguments"

if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "training_args.json").write_text(TrainingArguments().to_json_string() + "\n")
