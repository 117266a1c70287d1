"""Which rows TRL 1.13 packs together: `python packing.py` writes resources/golden/packing/packs.json.

1500 rows of 0 to 96 tokens in packs of at most 64; a row's tokens are its number, so that a pack shows its rows.
"""
import json
import pathlib

from datasets import Dataset
from trl import pack_dataset

LENGTHS = [i * i * 31 % 97 for i in range(1500)]
rows = Dataset.from_dict({"input_ids": [[i] * n for i, n in enumerate(LENGTHS)]})
packed = pack_dataset(rows, 64, "bfd")
packs = []
for ids, lengths in zip(packed["input_ids"], packed["seq_lengths"]):
    start, pack = 0, []
    for length in lengths:
        pack.append([ids[start], length])
        start += length
    packs.append(pack)
out = pathlib.Path(__file__).parent.parent / "resources/golden/packing"
out.mkdir(parents=True, exist_ok=True)
(out / "packs.json").write_text(json.dumps(packs, separators=(",", ":")) + "\n")
