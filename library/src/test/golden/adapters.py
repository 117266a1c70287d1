"""Adapters made by PEFT on the tiny models of resources/golden/families, for resources/golden/adapters.

    python adapters.py        (torch 2.13, transformers 5.17.0, peft 0.21.0)

Every folder holds the adapter as PEFT saves it, with all its weights moved off their start, and expected.json:
  base        the model's folder in resources/golden/families
  config      the arguments of LoraConfig
  start       of the adapter that get_peft_model makes after set_seed(5): each tensor's sum and first value
  start_logits  what the model gives with that adapter
  input_ids, attention_mask, token_type_ids, logits   with the adapter as it is in the folder
"""
import json
import shutil
from pathlib import Path

import torch
from peft import LoraConfig, get_peft_model, get_peft_model_state_dict
from transformers import (
    AutoModelForCausalLM, AutoModelForMaskedLM, AutoModelForSequenceClassification, set_seed,
)

RESOURCES = Path(__file__).parent.parent / "resources" / "golden"
LM, CLS = "CAUSAL_LM", "SEQ_CLS"
ADAPTERS = {
    "qwen2-default": ("qwen2", LM, {}),
    "qwen2-all-linear": ("qwen2", LM, dict(r=4, lora_alpha=16, target_modules="all-linear", use_rslora=True)),
    "qwen2-patterns": ("qwen2", LM, dict(
        r=2, target_modules=["q_proj", "down_proj"], rank_pattern={"layers.1.self_attn.q_proj": 3},
        alpha_pattern={".*down_proj": 5}, layers_to_transform=[1], modules_to_save=["norm"], bias="lora_only")),
    "qwen2-regex": ("qwen2", LM, dict(r=2, target_modules=r".*layers\.1\..*(q|up)_proj", init_lora_weights="gaussian")),
    "qwen2-embedding": ("qwen2", LM, dict(r=2, target_modules=["embed_tokens", "q_proj"])),
    "qwen2-whole-embedding": ("qwen2", LM, dict(r=2, modules_to_save=["embed_tokens", "lm_head"])),
    "qwen2-dora": ("qwen2", LM, dict(r=2, lora_alpha=4, target_modules="all-linear", use_dora=True)),
    "qwen2-dora-embedding": ("qwen2", LM, dict(r=2, target_modules=["embed_tokens", "v_proj"], use_dora=True)),
    "qwen2-pissa": ("qwen2", LM, dict(r=2, lora_alpha=4, target_modules="all-linear", init_lora_weights="pissa")),
    "llama-random": ("llama", LM, dict(r=2, target_modules=["v_proj", "gate_proj"], init_lora_weights=False)),
    "gpt2-all-linear": ("gpt2", LM, dict(r=2, target_modules="all-linear")),
    "gpt2-dora": ("gpt2", LM, dict(r=2, target_modules=["c_attn", "c_fc"], use_dora=True)),
    "bert-single": ("bert-single", CLS, dict(r=2, bias="all")),
    "bert-all-linear": ("bert-single", CLS, dict(r=2, target_modules="all-linear")),
    "roberta-single": ("roberta-single", CLS, dict(r=2, target_modules="all-linear")),
    "qwen2-single": ("qwen2-single", CLS, dict(r=2)),
    "bert-mlm": ("bert-mlm", None, dict(r=2)),
}
AUTO = {LM: AutoModelForCausalLM, CLS: AutoModelForSequenceClassification, None: AutoModelForMaskedLM}


def shortened(values):
    return [float(f"{x:.6g}") for x in values.flatten().tolist()]


for name, (base, task, arguments) in ADAPTERS.items():
    folder = RESOURCES / "adapters" / name
    shutil.rmtree(folder, ignore_errors=True)
    expected = json.loads((RESOURCES / "families" / base / "expected.json").read_text())
    names = [k for k in ("input_ids", "attention_mask", "token_type_ids") if k in expected]
    inputs = {k: torch.tensor(expected[k])[:, -12:] if task == LM else torch.tensor(expected[k]) for k in names}
    model = AUTO[task].from_pretrained(RESOURCES / "families" / base)
    set_seed(5)
    peft = get_peft_model(model, LoraConfig(task_type=task, **arguments)).eval()
    found = {"base": base, "config": arguments, **{k: v.tolist() for k, v in inputs.items()}}
    state = get_peft_model_state_dict(peft)
    found["start"] = {k: [v.sum().item(), v.flatten()[0].item()] for k, v in sorted(state.items())}
    found["start_logits"] = shortened(peft(**inputs).logits)
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for parameter in peft.parameters():
            if parameter.requires_grad:
                parameter.add_(torch.randn(parameter.shape, generator=generator) * 0.1)
    found["logits"] = shortened(peft(**inputs).logits)
    peft.save_pretrained(folder)
    (folder / "README.md").unlink()
    config = json.loads((folder / "adapter_config.json").read_text())
    config["base_model_name_or_path"] = "../../families/" + base
    (folder / "adapter_config.json").write_text(json.dumps(config, indent=2, sort_keys=True))
    (folder / "expected.json").write_text(json.dumps(found))
    print(name, len(state), max(abs(a - b) for a, b in zip(found["logits"], found["start_logits"])))
