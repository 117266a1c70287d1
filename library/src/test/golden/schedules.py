"""Writes learning rates of transformers' schedules: resources/golden/arguments/schedules.json.

    python schedules.py        (transformers 5.17.0)

Each case has the rates that the optimizer used in its steps; a schedule that follows a metric is given one after each.
"""

import json
import warnings
from pathlib import Path

import torch
from transformers.optimization import GreedyLR, get_scheduler

warnings.filterwarnings("ignore")
FILE = Path(__file__).parent.parent / "resources" / "golden" / "arguments" / "schedules.json"
PEAK, STEPS = 0.1, 12
METRICS = [3.0, 2.5, 2.0, 1.5, 1.4, 1.45, 1.44, 1.43, 1.39, 1.5, 1.6, 1.7]

CASES = [
    ("linear", 0, {}), ("linear", 3, {}), ("cosine", 0, {}), ("cosine", 3, {}), ("cosine", 2, {"num_cycles": 1.25}),
    ("cosine_with_restarts", 2, {}), ("cosine_with_restarts", 2, {"num_cycles": 3}),
    ("polynomial", 2, {}), ("polynomial", 0, {"power": 2.0, "lr_end": 0.01}),
    ("constant", 3, {}), ("constant_with_warmup", 0, {}), ("constant_with_warmup", 3, {}),
    ("inverse_sqrt", 0, {}), ("inverse_sqrt", 4, {}), ("inverse_sqrt", 2, {"timescale": 5}),
    ("cosine_with_min_lr", 2, {"min_lr": 0.02}), ("cosine_with_min_lr", 2, {"min_lr_rate": 0.1, "num_cycles": 1.0}),
    ("cosine_warmup_with_min_lr", 3, {"min_lr_rate": 0.1}),
    ("cosine_warmup_with_min_lr", 3, {"min_lr": 0.01, "warmup_lr_rate": 0.2}),
    ("warmup_stable_decay", 3, {"num_decay_steps": 4}),
    ("warmup_stable_decay", 3, {"num_decay_steps": 4, "min_lr_ratio": 0.1, "warmup_type": "cosine", "decay_type": "linear"}),
    ("warmup_stable_decay", 3, {"num_decay_steps": 3, "num_stable_steps": 2, "warmup_type": "1-sqrt", "decay_type": "1-sqrt"}),
    ("reduce_lr_on_plateau", 0, {"patience": 1}),
    ("reduce_lr_on_plateau", 0, {"patience": 0, "factor": 0.5, "cooldown": 1, "min_lr": 0.03, "threshold": 0.3}),
    ("reduce_lr_on_plateau", 0, {"patience": 0, "mode": "max", "threshold_mode": "abs"}),
    ("greedy", 0, {}), ("greedy", 0, {"patience": 1, "factor": 0.5, "max_lr": 0.3}),
    ("greedy", 0, {"patience": 0, "factor": 0.5, "warmup": 1, "cooldown": 1, "min_lr": 0.05, "smooth": True, "window_size": 2}),
    ("greedy", 0, {"patience": 0, "factor": 0.5, "mode": "max", "threshold_mode": "rel", "min_lr": 0.04, "reset_start": 2}),
]


def rates(name, warmup, kwargs):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=PEAK)
    scheduler = get_scheduler(name, optimizer, warmup, STEPS, dict(kwargs))
    by_metric = isinstance(scheduler, (torch.optim.lr_scheduler.ReduceLROnPlateau, GreedyLR))
    used = []
    for step in range(STEPS):
        used.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step(METRICS[step]) if by_metric else scheduler.step()
    return used


if __name__ == "__main__":
    cases = [{"type": n, "warmup_steps": w, "kwargs": k, "rates": rates(n, w, k)} for n, w, k in CASES]
    FILE.write_text(json.dumps({"peak": PEAK, "steps": STEPS, "metrics": METRICS, "cases": cases}, indent=1) + "\n")
