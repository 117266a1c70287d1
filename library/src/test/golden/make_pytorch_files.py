"""Makes src/test/resources/pytorch: files of torch.save as PyTorch 2.13 writes them. Run in this folder."""
import collections
import pathlib

import torch

out = pathlib.Path(__file__).resolve().parent.parent / "resources" / "pytorch"
out.mkdir(parents=True, exist_ok=True)

base = torch.arange(12, dtype=torch.float32)
tensors = collections.OrderedDict(
    {
        "float": torch.tensor([[1.5, -2.0], [3.25, 0.0]]),
        "half": torch.tensor([0.5, 2.0], dtype=torch.float16),
        "bfloat": torch.tensor([1.0, -3.0], dtype=torch.bfloat16),
        "double": torch.tensor([1e-3], dtype=torch.float64),
        "position_ids": torch.arange(5).expand((1, -1)),
        "int": torch.tensor([7, -8], dtype=torch.int32),
        "bool": torch.tensor([True, False, True]),
        "scalar": torch.tensor(4.5),
        "empty": torch.zeros(0, 3),
        "whole": base,
        "part": base[4:8],
        "transposed": base.view(3, 4).t(),
        "column": base.view(3, 4)[:, 1],
        "repeated": torch.tensor([9.0]).expand(2, 3),
        "parameter": torch.nn.Parameter(torch.tensor([6.0, 7.0])),
    }
)
tensors["same"] = tensors["float"]
module = torch.nn.Linear(2, 1)
torch.nn.init.constant_(module.weight, 0.25)
torch.nn.init.constant_(module.bias, -1.0)

for protocol in (2, 3, 4, 5):
    torch.save(tensors, out / f"protocol{protocol}.bin", pickle_protocol=protocol)
torch.save(module.state_dict(), out / "state_dict.bin")
torch.save(module.state_dict(), out / "legacy.bin", _use_new_zipfile_serialization=False)
torch.save(module, out / "module.bin")
