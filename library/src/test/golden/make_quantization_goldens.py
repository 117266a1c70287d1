"""Makes src/test/resources/golden/quantization.json: what bitsandbytes and ggml's Python package give for one matrix.

Needs torch, gguf and the sources of bitsandbytes 0.50 on the path (its backend in plain torch is used).
The matrix is torch.randn(70, 320) * 0.02 with the seed 7, which libtorch draws bit for bit alike.
"""

import hashlib
import json
import pathlib

import gguf
import torch
from bitsandbytes.functional import create_dynamic_map, get_4bit_type


def nf4(matrix):
    """quantize_4bit of bitsandbytes/functional.py with compress_statistics, in the operations of backends/default/ops.py."""
    code = torch.tensor(get_4bit_type("nf4", device="cpu").tolist())
    blocks = matrix.reshape(-1, 64)
    absmax = blocks.abs().max(dim=-1)[0]
    scaled = torch.clamp(blocks * (1.0 / absmax.clamp(min=1e-38).view(-1, 1)), -1, 1).reshape(-1)
    q = torch.bucketize(scaled, (code[:-1] + code[1:]) / 2, out_int32=True).to(torch.uint8)
    packed = (q[::2] << 4) | q[1::2]
    plain = (code[q.long()].view(-1, 64) * absmax.view(-1, 1)).reshape(-1)
    offset = absmax.mean()
    dynamic = create_dynamic_map()
    rest = torch.nn.functional.pad(absmax - offset, (0, -absmax.numel() % 256)).view(-1, 256)
    nested = rest.abs().max(dim=-1)[0]
    shares = torch.clamp(rest * (1.0 / nested.clamp(min=1e-38).view(-1, 1)), -1, 1)
    codes = torch.bucketize(shares, (dynamic[:-1] + dynamic[1:]) / 2)
    restored = (dynamic[codes] * nested.view(-1, 1)).view(-1)[: absmax.numel()] + offset
    double = (code[q.long()].view(-1, 64) * restored.view(-1, 1)).reshape(-1)
    return packed, plain, double


def sha(array):
    return hashlib.sha256(array.tobytes()).hexdigest()


torch.manual_seed(7)
matrix = torch.randn(70, 320) * 0.02
packed, plain, double = nf4(matrix)
out = {
    "first": matrix.view(-1)[:3].tolist(),
    "nf4_numbers": get_4bit_type("nf4", device="cpu").tolist(),
    "dynamic_numbers": create_dynamic_map().tolist(),
    "nf4_packed_sha256": sha(packed.numpy()),
    "nf4_every_97th": plain[::97].tolist(),
    "nf4_double_every_97th": double[::97].tolist(),
    "q8_0_sha256": sha(gguf.quants.quantize(matrix.numpy(), gguf.GGMLQuantizationType.Q8_0)),
    "q4_0_sha256": sha(gguf.quants.quantize(matrix.numpy(), gguf.GGMLQuantizationType.Q4_0)),
}
target = pathlib.Path(__file__).parent.parent / "resources/golden/quantization.json"
target.write_text(json.dumps(out, indent=1) + "\n")
