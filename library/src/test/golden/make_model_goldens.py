"""Tiny models of every family with what Python computes for them, for library/src/test/resources/golden/families.

Needs torch 2.13 and transformers 5.17. Usage: python make_model_goldens.py [DIR]

Every folder holds config.json, model.safetensors (random weights; biases and norms are moved off their trivial initial
values, so that a dropped one shows) and expected.json:
  task            causal-lm, sequence-classification or masked-lm
  input_ids, attention_mask   two rows; row 1 is padded by 5, on the left for decoders and on the right for encoders
  token_type_ids  segments, for BERT
  labels          ids with -100 where nothing is trained; classes; or numbers
  logits          flattened, [rows, length, vocabulary] or [rows, labels]
  loss, grad_norm of the whole model, by Python's own loss
  greedy          decoders: the first 8 ids of row 0, then 12 greedy tokens
  new_head        where the folder's weights are opened for another task with seed 7: the values of the new weights
"""
import json, os, shutil, sys, tempfile
import torch, transformers as T

OUT = sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(os.path.abspath(__file__)), "../resources/golden/families")
V, L = 61, 24
TOKENS = dict(vocab_size=V, bos_token_id=1, eos_token_id=2, pad_token_id=0)
DECODER = dict(TOKENS, hidden_size=16, intermediate_size=24, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2, max_position_embeddings=64)
GPT2 = dict(TOKENS, n_positions=64, n_embd=16, n_layer=2, n_head=4, resid_pdrop=0, embd_pdrop=0, attn_pdrop=0)
GEMMA = dict(DECODER, head_dim=8, query_pre_attn_scalar=12, num_hidden_layers=3, layer_types=["sliding_attention", "sliding_attention", "full_attention"], sliding_window=6)
BERT = dict(vocab_size=V, hidden_size=16, intermediate_size=24, num_hidden_layers=2, num_attention_heads=4, max_position_embeddings=40, hidden_dropout_prob=0, attention_probs_dropout_prob=0)
ROBERTA = dict(BERT, pad_token_id=1, bos_token_id=0, eos_token_id=2, type_vocab_size=1)
DISTIL = dict(vocab_size=V, dim=16, hidden_dim=24, n_layers=2, n_heads=4, max_position_embeddings=40, dropout=0, attention_dropout=0, seq_classif_dropout=0)

def rope(kind, **numbers):
    return dict(rope_parameters=dict(rope_type=kind, rope_theta=10000.0, **numbers))

def llama(**more):
    return lambda: T.LlamaForCausalLM(T.LlamaConfig(**{**DECODER, **more}))

MODELS = {
    "qwen2": lambda: T.Qwen2ForCausalLM(T.Qwen2Config(**DECODER, tie_word_embeddings=True)),
    "qwen2-window": lambda: T.Qwen2ForCausalLM(T.Qwen2Config(**DECODER, use_sliding_window=True, sliding_window=5, max_window_layers=1)),
    "qwen3": lambda: T.Qwen3ForCausalLM(T.Qwen3Config(**DECODER, head_dim=8, tie_word_embeddings=True)),
    "qwen3-bias": lambda: T.Qwen3ForCausalLM(T.Qwen3Config(**DECODER, head_dim=6, attention_bias=True)),
    "llama": llama(),
    "llama-bias": llama(attention_bias=True, mlp_bias=True, head_dim=6, tie_word_embeddings=True),
    "llama-llama3": llama(**rope("llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=16)),
    "llama-linear": llama(**rope("linear", factor=2.5)),
    "llama-dynamic": llama(max_position_embeddings=16, head_dim=8, **rope("dynamic", factor=2.0)),
    "llama-yarn": llama(head_dim=16, **rope("yarn", factor=4.0, original_max_position_embeddings=16, beta_fast=4.0, beta_slow=1.0)),
    "mistral-short-window": lambda: T.MistralForCausalLM(T.MistralConfig(**DECODER, sliding_window=7)),
    "mistral-long-window": lambda: T.MistralForCausalLM(T.MistralConfig(**DECODER, sliding_window=50)),
    "mistral-no-window": lambda: T.MistralForCausalLM(T.MistralConfig(**DECODER, sliding_window=None)),
    "gemma3": lambda: T.Gemma3ForCausalLM(T.Gemma3TextConfig(**GEMMA)),
    "gemma3-linear": lambda: T.Gemma3ForCausalLM(T.Gemma3TextConfig(**GEMMA, rope_parameters={"full_attention": {"rope_type": "linear", "factor": 8.0, "rope_theta": 1000.0}, "sliding_attention": {"rope_type": "default", "rope_theta": 100.0}})),
    "gpt2": lambda: T.GPT2LMHeadModel(T.GPT2Config(**GPT2)),
    "gpt2-layer-scale": lambda: T.GPT2LMHeadModel(T.GPT2Config(**GPT2, scale_attn_by_inverse_layer_idx=True, n_inner=24, tie_word_embeddings=False)),
    "bert-mlm": lambda: T.BertForMaskedLM(T.BertConfig(**BERT)),
    "roberta-mlm": lambda: T.RobertaForMaskedLM(T.RobertaConfig(**ROBERTA)),
    "distilbert-mlm": lambda: T.DistilBertForMaskedLM(T.DistilBertConfig(**DISTIL)),
    "bert-single": lambda: T.BertForSequenceClassification(T.BertConfig(**BERT, num_labels=3, problem_type="single_label_classification")),
    "bert-multi": lambda: T.BertForSequenceClassification(T.BertConfig(**BERT, num_labels=3, problem_type="multi_label_classification")),
    "bert-regression": lambda: T.BertForSequenceClassification(T.BertConfig(**BERT, num_labels=1, problem_type="regression")),
    "bert-regression-2": lambda: T.BertForSequenceClassification(T.BertConfig(**BERT, num_labels=2, problem_type="regression")),
    "roberta-single": lambda: T.RobertaForSequenceClassification(T.RobertaConfig(**ROBERTA, num_labels=3, problem_type="single_label_classification")),
    "distilbert-single": lambda: T.DistilBertForSequenceClassification(T.DistilBertConfig(**DISTIL, num_labels=3, problem_type="single_label_classification")),
    "qwen2-single": lambda: T.Qwen2ForSequenceClassification(T.Qwen2Config(**DECODER, num_labels=3)),
    "qwen3-single": lambda: T.Qwen3ForSequenceClassification(T.Qwen3Config(**DECODER, head_dim=8, num_labels=3)),
    "llama-multi": lambda: T.LlamaForSequenceClassification(T.LlamaConfig(**DECODER, num_labels=3, problem_type="multi_label_classification")),
    "mistral-single": lambda: T.MistralForSequenceClassification(T.MistralConfig(**DECODER, num_labels=3)),
    "gemma3-single": lambda: T.Gemma3TextForSequenceClassification(T.Gemma3TextConfig(**GEMMA, num_labels=3)),
    "gpt2-regression": lambda: T.GPT2ForSequenceClassification(T.GPT2Config(**GPT2, num_labels=1, problem_type="regression")),
}
# which folders are opened again for another task, so that their head is new
NEW_HEADS = {"qwen2": T.AutoModelForSequenceClassification, "gpt2": T.AutoModelForSequenceClassification, "bert-mlm": T.AutoModelForSequenceClassification,
             "roberta-mlm": T.AutoModelForSequenceClassification, "distilbert-mlm": T.AutoModelForSequenceClassification,
             "bert-single": T.AutoModelForMaskedLM, "roberta-single": T.AutoModelForMaskedLM, "distilbert-single": T.AutoModelForMaskedLM}

def task_of(model):
    kind = type(model).__name__
    return "masked-lm" if "MaskedLM" in kind else "sequence-classification" if "Sequence" in kind else "causal-lm"

def labels_of(task, model, ids, mask):
    if task == "causal-lm":
        return ids.masked_fill(mask == 0, -100)
    if task == "masked-lm":
        chosen = torch.zeros_like(ids, dtype=torch.bool); chosen[0, [2, 9, 17]] = True; chosen[1, [4, 5]] = True
        return ids.masked_fill(~chosen, -100)
    n = model.config.num_labels
    if model.config.problem_type == "regression":
        return torch.tensor([0.7, -1.3]) if n == 1 else torch.tensor([[0.7, 2.0], [-1.3, 0.1]])
    if model.config.problem_type == "multi_label_classification":
        return torch.tensor([[1.0, 0.0, 1.0], [0.0, 0.0, 1.0]])
    return torch.tensor([2, 0])

for name, make in MODELS.items():
    torch.manual_seed(0)
    model = make().float()
    with torch.no_grad():
        for p in model.parameters():
            if p.dim() == 1: p.add_(torch.randn_like(p) * 0.1)
            else: p.mul_(5)
    folder = os.path.join(OUT, name)
    shutil.rmtree(folder, ignore_errors=True); os.makedirs(folder)
    model.save_pretrained(folder)
    decoder = name.split("-")[0] not in ("bert", "roberta", "distilbert")
    pad = model.config.pad_token_id
    g = torch.Generator().manual_seed(1)
    ids = torch.randint(3, V, (2, L), generator=g); mask = torch.ones_like(ids)
    gap = slice(0, 5) if decoder else slice(L - 5, L)
    ids[1, gap] = pad; mask[1, gap] = 0
    task = task_of(model); labels = labels_of(task, model, ids, mask)
    more = {}
    if name.startswith("bert-"):
        more["token_type_ids"] = torch.zeros_like(ids); more["token_type_ids"][:, 10:] = 1
    model.train(); out = model(input_ids=ids, attention_mask=mask, labels=labels, **more); out.loss.backward()
    norm = torch.nn.utils.get_total_norm([p.grad for p in model.parameters() if p.grad is not None])
    found = dict(task=task, input_ids=ids.tolist(), attention_mask=mask.tolist(), labels=labels.tolist(),
                 logits=[float(f"{x:.6g}") for x in out.logits.flatten().tolist()], loss=out.loss.item(), grad_norm=norm.item(),
                 **{k: v.tolist() for k, v in more.items()})
    model.eval()
    if task == "causal-lm":
        found["greedy"] = model.generate(ids[:1, :8], max_new_tokens=12, min_new_tokens=12, do_sample=False)[0].tolist()
    if name in NEW_HEADS:
        torch.manual_seed(7)
        again, info = NEW_HEADS[name].from_pretrained(folder, output_loading_info=True)
        state = again.state_dict()
        found["new_head"] = {k: state[k].flatten().tolist() for k in sorted(info["missing_keys"])}
    with open(os.path.join(folder, "expected.json"), "w") as f: json.dump(found, f)
    if task == "causal-lm": os.remove(os.path.join(folder, "generation_config.json"))
    print(name, task, out.loss.item(), norm.item())
