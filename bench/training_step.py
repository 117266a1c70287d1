"""The Python side of training-step: the same model folder, tokens and arguments with PyTorch and transformers."""
import sys
import time

import torch
import transformers

folder, steps = sys.argv[1], int(sys.argv[2])
vocabulary, rows, length, warmup = 32_000, 4, 256, 3
model = transformers.AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).train()
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4, weight_decay=0.0, fused=True)
ids = torch.tensor([[3 + (7919 * (r * length + i) * (i + 11)) % (vocabulary - 3) for i in range(length)] for r in range(rows)])
mask = torch.ones_like(ids)
times, loss = [], None
for step in range(warmup + steps):
    started = time.perf_counter()
    loss = model(input_ids=ids, attention_mask=mask, labels=ids, use_cache=False).loss
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    optimizer.zero_grad()
    times.append((time.perf_counter() - started) * 1e3)
peak = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM:")) // 1024
print(f"{sorted(times[warmup:])[steps // 2]:.1f} {peak} {loss.item():.5f}")
