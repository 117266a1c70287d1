"""Writes what optimizers make of two parameters: resources/golden/arguments/optimizers.json.

    python optimizers.py        (torch 2.13, transformers 5.17.0)

"matrix" [24, 176] decays, "vector" [24] does not, as in the Trainer's groups. bitsandbytes' kernels need a GPU and
schedulefree is a package of its own, so Adam8bit, Lion and ScheduleFree below state what these document.
"""

import json
import math
from pathlib import Path

import torch
from transformers.optimization import Adafactor

FILE = Path(__file__).parent.parent / "resources" / "golden" / "arguments" / "optimizers.json"
RATES = [0.02, 0.01, 0.015]
DECAY, BETAS, EPS = 0.1, (0.8, 0.99), 1e-6


def values(shape, seed):
    """Repeatable numbers that need no random stream."""
    n = math.prod(shape)
    return (torch.arange(n, dtype=torch.float64) * (0.7 + seed) + seed).sin().mul(1 + seed).float().view(shape)


class Lion:
    def __init__(self, decay):
        self.decay, self.m = decay, None

    def step(self, p, g, lr):
        self.m = torch.zeros_like(p) if self.m is None else self.m
        p.mul_(1 - lr * self.decay)
        p.sub_(lr * torch.sign(BETAS[0] * self.m + (1 - BETAS[0]) * g))
        self.m = BETAS[1] * self.m + (1 - BETAS[1]) * g


def dynamic_map(signed):
    data = [0.0, 1.0]
    for i in range(7):
        edges = torch.linspace(0.1, 1, (2**i if signed else 2 ** (i + 1)) + 1)
        means = 10.0 ** (i - 6) * (edges[:-1] + edges[1:]) / 2
        data += means.tolist() + ((-means).tolist() if signed else [])
    return torch.tensor(sorted(data))


class Adam8bit:
    def __init__(self, decay):
        self.decay, self.t, self.m, self.v = decay, 0, None, None
        self.maps = dynamic_map(True), dynamic_map(False)

    def store(self, x, numbers, keep_sign):
        flat = torch.nn.functional.pad(x.flatten(), (0, -x.numel() % 256)).view(-1, 256)
        most = flat.abs().amax(1, keepdim=True)
        code = (flat / most.where(most > 0, 1)).unsqueeze(-1).sub(numbers).abs().argmin(-1)
        if keep_sign:
            wrong = numbers[code].signbit() != flat.signbit()
            code = code + wrong * torch.where(flat > 0, 1, -1)
        return (numbers[code] * most).flatten()[: x.numel()].view_as(x)

    def step(self, p, g, lr):
        self.t += 1
        m = BETAS[0] * (0 if self.m is None else self.m) + (1 - BETAS[0]) * g
        v = BETAS[1] * (0 if self.v is None else self.v) + (1 - BETAS[1]) * g * g
        c = math.sqrt(1 - BETAS[1] ** self.t)
        p.sub_(lr * c / (1 - BETAS[0] ** self.t) * m / (v.sqrt() + c * EPS))
        p.mul_(1 - lr * self.decay)
        self.m, self.v = self.store(m, self.maps[0], True), self.store(v, self.maps[1], False)


class ScheduleFree:
    def __init__(self, decay):
        self.decay, self.k, self.most, self.total, self.z, self.v = decay, 0, -1.0, 0.0, None, 0

    def step(self, p, g, lr):
        self.z = p.clone() if self.z is None else self.z
        self.most = max(self.most, lr)
        weight = self.most**2
        self.total += weight
        c = weight / self.total
        self.v = BETAS[1] * self.v + (1 - BETAS[1]) * g * g
        moved = g / ((self.v / (1 - BETAS[1] ** (self.k + 1))).sqrt() + EPS) + self.decay * p
        p.lerp_(self.z, c).add_(moved, alpha=lr * (BETAS[0] * (1 - c) - 1))
        self.z = self.z - lr * moved
        self.k += 1

    def show(self, p):
        return p.lerp(self.z, 1 - 1 / BETAS[0])


def by_torch(make):
    """A torch optimizer of one parameter behind the same two methods."""

    class One:
        def __init__(self, decay):
            self.decay, self.optimizer = decay, None

        def step(self, p, g, lr):
            if self.optimizer is None:
                self.parameter = torch.nn.Parameter(p)
                self.optimizer = make(self.parameter, self.decay)
            self.optimizer.param_groups[0]["lr"] = lr
            self.parameter.grad = g.clone()
            self.optimizer.step()

    return One


def muon(p, decay):
    if p.dim() == 2:
        return torch.optim.Muon([p], lr=1, weight_decay=decay, adjust_lr_fn="match_rms_adamw")
    return adamw(p, decay)


def adamw(p, decay):
    return torch.optim.AdamW([p], betas=BETAS, eps=EPS, weight_decay=decay)


O = torch.optim
CASES = {
    "adamw_torch": ("", by_torch(adamw)),
    "sgd": ("", by_torch(lambda p, d: O.SGD([p], lr=1, weight_decay=d))),
    "sgd momentum": (
        "momentum=0.9,dampening=0.1", by_torch(lambda p, d: O.SGD([p], lr=1, weight_decay=d, momentum=0.9, dampening=0.1))),
    "sgd nesterov": (
        "momentum=0.9,nesterov=True", by_torch(lambda p, d: O.SGD([p], lr=1, weight_decay=d, momentum=0.9, nesterov=True))),
    "adagrad": ("", by_torch(lambda p, d: O.Adagrad([p], weight_decay=d))),
    "adagrad decay": ("lr_decay=0.1,eps=1e-3", by_torch(lambda p, d: O.Adagrad([p], weight_decay=d, lr_decay=0.1, eps=1e-3))),
    "rmsprop": ("", by_torch(lambda p, d: O.RMSprop([p], weight_decay=d))),
    "rmsprop centered": (
        "alpha=0.9,momentum=0.5,centered=true",
        by_torch(lambda p, d: O.RMSprop([p], weight_decay=d, alpha=0.9, momentum=0.5, centered=True))),
    "adafactor": ("", by_torch(lambda p, d: Adafactor([p], lr=1, weight_decay=d, scale_parameter=False, relative_step=False))),
    "lion_32bit": ("", Lion),
    "adamw_8bit": ("", lambda d: Adam8bit(d) if d else by_torch(adamw)(d)),
    "schedule_free_adamw": ("", ScheduleFree),
    "muon": ("", by_torch(muon)),
}


def run(make, shape, decay, seed):
    p, optimizer = values(shape, seed), make(decay)
    with torch.no_grad():
        for step, lr in enumerate(RATES):
            g = values(shape, seed + 0.1 * (step + 1)) * 0.3
            with torch.enable_grad():
                optimizer.step(p, g, lr) if hasattr(optimizer, "optimizer") else None
            if not hasattr(optimizer, "optimizer"):
                optimizer.step(p, g, lr)
        shown = optimizer.show(p) if hasattr(optimizer, "show") else getattr(optimizer, "parameter", p).detach()
    flat = shown.flatten()
    return {"first": flat[:8].tolist(), "last": flat[-4:].tolist(), "sum": flat.double().sum().item()}


if __name__ == "__main__":
    cases = [
        {"optim": name.split()[0], "optim_args": args, "matrix": run(make, (24, 176), DECAY, 0.5), "vector": run(make, (24,), 0.0, 0.25)}
        for name, (args, make) in CASES.items()
    ]
    FILE.write_text(json.dumps({"rates": RATES, "cases": cases}, indent=1) + "\n")
