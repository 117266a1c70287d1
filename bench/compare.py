"""Runs Hugging Face (TRL, PEFT, transformers) and trainer4j in turn and prints a table of ratios.

Cases:
  a  full fine-tuning of a 39-million-parameter Qwen2 shape in fp32, equal settings
  b  the same with bf16 asked for on both sides
  c  LoRA r=8 on all linear layers of the 494-million Qwen2.5-0.5B shape, both sides at their defaults for bf16: TRL then
     keeps weights in fp32 and recomputes all activations (gradient_checkpointing), trainer4j keeps the frozen weights in
     bf16 and recomputes only what is cheap
  C  as c, with Hugging Face told to compute in fp32, for processors without bf16 arithmetic
  d  classification with a BERT-base shape, texts of up to 128 tokens, fp32
  e  generation with the 494-million shape, batch 1, 128 prompt tokens and 64 new ones, bf16
  E  as e, with Hugging Face told to compute in fp32

Models have the shapes of the real ones and random weights, made on first use in the work folder. Tokens are those that are
not padding. The figures are medians over the rounds; each round runs one side after the other. A row whose losses differ
by more than 1e-3 (fp32) or 3e-2 (bf16) is void.

Example: bench/compare --csv qa.csv --prompt ask --completion answer --label department \\
             --qwen-tokenizer DIR --bert-tokenizer DIR --work-dir /var/tmp/compare --cases acde
"""
import argparse
import datetime
import json
import math
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HOME = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
PROGRAM = os.path.join(HOME, "trainer4j")
COMMON = {"per_device_train_batch_size": 4, "learning_rate": 1e-4, "lr_scheduler_type": "constant", "seed": 42,
          "logging_steps": 1, "save_strategy": "no", "eval_strategy": "no", "disable_tqdm": True,
          "include_num_input_tokens_seen": "non_padding"}
FULL = {"max_length": 256, "gradient_checkpointing": False}
LORA = {"max_length": 512, "bf16": True, "dtype": "bfloat16"}
CASES = {
    "a": {"model": "qwen2-39m", "ours": FULL, "theirs": FULL | {"bf16": False}, "tolerance": 1e-3},
    "b": {"model": "qwen2-39m", "ours": FULL | {"bf16": True}, "theirs": FULL | {"bf16": True}, "tolerance": 3e-2},
    "c": {"model": "qwen2-494m", "lora": True, "ours": LORA, "theirs": {"max_length": 512}, "tolerance": 3e-2},
    "C": {"model": "qwen2-494m", "lora": True, "ours": LORA, "theirs": {"max_length": 512, "bf16": False}, "tolerance": 3e-2},
    "d": {"model": "bert-base", "ours": {"max_length": 128, "per_device_train_batch_size": 8},
          "theirs": {"max_length": 128, "per_device_train_batch_size": 8, "bf16": False}, "tolerance": 1e-3},
    "e": {"model": "qwen2-494m", "generate": True, "dtype": "bfloat16"},
    "E": {"model": "qwen2-494m", "generate": True, "dtype": "float32"},
}
PROMPT_TOKENS, NEW_TOKENS = 128, 64


def read_command_line():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--csv", required=True, help="rows with a header line, in UTF-8 or GB18030")
    parser.add_argument("--prompt", default="Question", help="column of prompts, and of the texts to classify")
    parser.add_argument("--completion", default="Answer", help="column of completions")
    parser.add_argument("--label", help="column of classes, for case d")
    parser.add_argument("--qwen-tokenizer", help="folder of a real Qwen2 tokenizer, for cases c and e")
    parser.add_argument("--bert-tokenizer", help="folder of a real BERT tokenizer, for case d")
    parser.add_argument("--work-dir", required=True, help="where the models are made and kept")
    parser.add_argument("--cases", default="acde", help="letters of the cases (default: acde)")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--steps", type=int, default=8, help="training steps; the first two are not timed")
    parser.add_argument("--time-limit", type=int, default=900, help="seconds after which a side is stopped")
    parser.add_argument("--side", help=argparse.SUPPRESS)
    given = parser.parse_args()
    for case in given.cases:
        if case not in CASES:
            parser.error(f"there is no case {case}")
    return given


def make_model(name, given):
    """A folder with the shape's random weights and a tokenizer."""
    folder = os.path.join(given.work_dir, name)
    if os.path.exists(os.path.join(folder, "config.json")):
        return folder
    if name == "qwen2-39m":
        text = os.path.join(given.work_dir, "text.txt")
        with open(text, "w", encoding="utf-8") as lines:
            lines.writelines(row[given.prompt] + "\n" + row[given.completion] + "\n" for row in read_rows(given.csv))
        subprocess.run(
            [PROGRAM, "init", "--text-file", text, "--output-dir", folder, "--vocab-size", "32000",
             "--hidden-size", "512", "--intermediate-size", "1408", "--num-hidden-layers", "8", "--num-attention-heads", "8",
             "--num-key-value-heads", "2"], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return folder
    import torch
    import transformers
    torch.manual_seed(0)
    tokenizer = given.bert_tokenizer if name == "bert-base" else given.qwen_tokenizer
    if not tokenizer:
        sys.exit(f"{name} needs --{'bert' if name == 'bert-base' else 'qwen'}-tokenizer FOLDER.")
    if name == "bert-base":
        config = transformers.BertConfig(vocab_size=21128)
        model = transformers.BertForMaskedLM(config)
    else:
        config = transformers.Qwen2Config(
            vocab_size=151936, hidden_size=896, intermediate_size=4864, num_hidden_layers=24, num_attention_heads=14,
            num_key_value_heads=2, max_position_embeddings=32768, tie_word_embeddings=True, rms_norm_eps=1e-6,
            bos_token_id=151643, eos_token_id=151645, pad_token_id=151643,
            rope_parameters={"rope_type": "default", "rope_theta": 1000000.0})
        model = transformers.Qwen2ForCausalLM(config).to(torch.bfloat16)
    model.save_pretrained(folder)
    for file in os.listdir(tokenizer):
        if file.startswith(("tokenizer", "vocab", "merges", "special_tokens", "added_tokens", "chat_template")):
            shutil.copy(os.path.join(tokenizer, file), folder)
    return folder


def measured(command, limit):
    """Runs a command; its peak memory in MiB, or None when it was stopped at the limit, and when it started."""
    environment = os.environ | {"HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"}
    started, peak = time.time(), 0
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=subprocess.STDOUT)
        while process.poll() is None:
            try:
                with open(f"/proc/{process.pid}/status", encoding="ascii") as status:
                    peak = next((int(line.split()[1]) // 1024 for line in status if line.startswith("VmHWM:")), peak)
            except OSError:
                pass
            if time.time() - started > limit:
                process.kill()
                process.wait()
                return None, started
            time.sleep(0.05)
        if process.returncode:
            output.seek(0)
            sys.exit(output.read().decode(errors="replace")[-3000:] + f"\n{' '.join(command)} failed")
    return peak, started


def train(case, side, given):
    """tokens/s, seconds from command to first step, peak MiB, last loss."""
    settings = CASES[case]
    model = make_model(settings["model"], given)
    with tempfile.TemporaryDirectory(dir=given.work_dir) as folder:
        log = os.path.join(folder, "out", "events.jsonl")
        arguments = COMMON | {"max_steps": given.steps, "output_dir": os.path.join(folder, "out")} | settings[side]
        if side == "ours":
            columns = {"task": "sequence-classification", "text_column": given.prompt, "label_column": given.label} \
                if settings["model"] == "bert-base" else {"prompt_column": given.prompt, "completion_column": given.completion}
            arguments |= columns | {"model": model, "train_file": given.csv, "test_size": 0, "no_clean": True}
            if settings.get("lora"):
                arguments |= {"use_peft": True, "lora_r": 8, "lora_alpha": 16, "lora_dropout": 0, "lora_target_modules": "all-linear"}
            command = [PROGRAM, "finetune", "--config", os.path.join(folder, "run.json")]
        else:
            arguments |= {"case": case, "model": model, "log": log}
            command = [sys.executable, os.path.abspath(__file__), *sys.argv[1:], "--side", os.path.join(folder, "run.json")]
        with open(os.path.join(folder, "run.json"), "w", encoding="utf-8") as text:
            json.dump(arguments, text, ensure_ascii=False)
        peak, started = measured(command, given.time_limit)
        rows = []
        if os.path.exists(log):
            with open(log, encoding="utf-8") as lines:
                rows = [row for row in map(json.loads, lines) if row["event"] == "log"]
    if peak is None or len(rows) < 3:
        return {"speed": None, "steps": len(rows)}
    times = [row["time"] if side == "theirs" else instant(row["time"]) for row in rows]
    tokens = [row["num_input_tokens_seen"] for row in rows]
    return {"speed": (tokens[-1] - tokens[1]) / (times[-1] - times[1]), "first": times[0] - started, "memory": peak,
            "loss": rows[-1]["loss"]}


def instant(text):
    return datetime.datetime.fromisoformat(text.rstrip("Z")[:26] + "+00:00").timestamp()


def hugging_face(file, given):
    """The other side of train: writes one line for each step."""
    with open(file, encoding="utf-8") as text:
        arguments = json.load(text)
    settings, log, folder = CASES[arguments.pop("case")], arguments.pop("log"), arguments.pop("model")
    import torch
    import transformers
    os.makedirs(os.path.dirname(log), exist_ok=True)
    longest = arguments["max_length"]

    class Steps(transformers.TrainerCallback):
        def on_log(self, args, state, control, logs=None, **kwargs):
            if "loss" in logs:
                with open(log, "a", encoding="utf-8") as lines:
                    lines.write(json.dumps({"event": "log", "time": time.time(), "loss": logs["loss"],
                                            "num_input_tokens_seen": int(state.num_input_tokens_seen)}) + "\n")

    import datasets
    rows = read_rows(given.csv)
    arguments |= {"use_cpu": True, "report_to": "none"}
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    transformers.set_seed(arguments["seed"])
    if settings["model"] == "bert-base":
        labels = sorted({row[given.label] for row in rows})
        data = datasets.Dataset.from_dict({"text": [row[given.prompt] for row in rows],
                                           "label": [labels.index(row[given.label]) for row in rows]})
        data = data.map(lambda row: tokenizer(row["text"], truncation=True, max_length=longest), batched=True)
        del arguments["max_length"]
        model = transformers.AutoModelForSequenceClassification.from_pretrained(
            folder, num_labels=len(labels), dtype=torch.float32)
        trainer = transformers.Trainer(model, transformers.TrainingArguments(**arguments), train_dataset=data,
                                       processing_class=tokenizer)
    else:
        import peft
        import trl
        chat = bool(tokenizer.chat_template)
        data = datasets.Dataset.from_dict({
            "prompt": [[{"role": "user", "content": row[given.prompt]}] if chat else row[given.prompt] for row in rows],
            "completion": [[{"role": "assistant", "content": row[given.completion]}] if chat else row[given.completion]
                           for row in rows]})
        lora = peft.LoraConfig(r=8, lora_alpha=16, target_modules="all-linear") if settings.get("lora") else None
        # Given a folder, TRL keeps the weights in float32 unless told otherwise.
        trainer = trl.SFTTrainer(folder, trl.SFTConfig(**arguments), train_dataset=data, processing_class=tokenizer,
                                 peft_config=lora)
    trainer.add_callback(Steps())
    trainer.train()


def read_rows(file):
    import csv
    with open(file, "rb") as binary:
        content = binary.read()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030")
    return list(csv.DictReader(text.splitlines(keepends=True)))


def generate(case, side, given):
    """tokens/s of new tokens, seconds from command to first token, peak MiB."""
    folder = make_model("qwen2-494m", given)
    dtype = CASES[case]["dtype"]
    prompt = "高血压患者能吃党参吗?" * (PROMPT_TOKENS // 8)
    seconds, peak = {}, 0
    for count in (1, 1 + NEW_TOKENS):
        if side == "ours":
            command = [PROGRAM, "generate", "--model", folder, "--prompt", prompt, "--max-new-tokens", str(count), "--dtype", dtype]
        else:
            run = os.path.join(given.work_dir, "generate.json")
            with open(run, "w", encoding="utf-8") as text:
                json.dump({"generate": count, "model": folder, "dtype": dtype, "prompt": prompt}, text)
            command = [sys.executable, os.path.abspath(__file__), *sys.argv[1:], "--side", run]
        for _ in range(2):  # the speed is told from a difference, to which one disturbed run would be much
            peak, started = measured(command, given.time_limit)
            if peak is None:
                return {"speed": None, "steps": 0}
            seconds[count] = min(seconds.get(count, math.inf), time.time() - started)
    return {"speed": NEW_TOKENS / (seconds[1 + NEW_TOKENS] - seconds[1]), "first": seconds[1], "memory": peak}


def hugging_face_generate(arguments):
    import torch
    import transformers
    tokenizer = transformers.AutoTokenizer.from_pretrained(arguments["model"])
    model = transformers.AutoModelForCausalLM.from_pretrained(arguments["model"], dtype=getattr(torch, arguments["dtype"]))
    ids = tokenizer.apply_chat_template([{"role": "user", "content": arguments["prompt"]}], add_generation_prompt=True,
                                        return_tensors="pt", return_dict=True)
    count = arguments["generate"]
    print(tokenizer.decode(model.generate(**ids, do_sample=False, max_new_tokens=count, min_new_tokens=count)[0]))


def table(case, rounds):
    """One line: medians of both sides and of the rounds' ratios."""
    def middle(side, figure):
        return statistics.median(pair[side][figure] for pair in rounds)

    stopped = [side for pair in rounds for side in pair if pair[side]["speed"] is None]
    if stopped:
        return f"{case}   {stopped[0]} was stopped at the time limit"
    losses = [abs(pair["ours"]["loss"] - pair["theirs"]["loss"]) for pair in rounds if "loss" in pair["ours"]]
    if losses and max(losses) > CASES[case]["tolerance"]:
        return f"{case}   void: the losses differ by {max(losses):.1e}"
    cells = [f"{middle('ours', 'speed'):9.1f} {middle('theirs', 'speed'):9.1f} "
             f"{statistics.median(p['ours']['speed'] / p['theirs']['speed'] for p in rounds):7.2f}"]
    for figure, form in (("first", "7.1f"), ("memory", "7.0f")):
        ratio = statistics.median(p["ours"][figure] / p["theirs"][figure] for p in rounds)
        cells.append(f"{middle('ours', figure):{form}} {middle('theirs', figure):{form}} {ratio:7.2f}")
    return f"{case}  " + "   ".join(cells) + (f"   {middle('ours', 'loss'):.4f} {middle('theirs', 'loss'):.4f}" if losses else "")


def main():
    given = read_command_line()
    if given.side:
        with open(given.side, encoding="utf-8") as text:
            arguments = json.load(text)
        return hugging_face_generate(arguments) if "generate" in arguments else hugging_face(given.side, given)
    os.makedirs(given.work_dir, exist_ok=True)
    print("      tokens/s          ratio   first step, s     ratio    peak, MiB       ratio   last loss")
    print("      ours    theirs           ours   theirs            ours  theirs")
    for case in given.cases:
        run = generate if CASES[case].get("generate") else train
        rounds = []
        for number in range(given.rounds):
            order = ("ours", "theirs") if number % 2 == 0 else ("theirs", "ours")
            rounds.append({side: run(case, side, given) for side in order})
            print(f"  round {number + 1} of {case}: {json.dumps(rounds[-1])}", file=sys.stderr)
            if any(result["speed"] is None for result in rounds[-1].values()):
                break
        print(table(case, rounds), flush=True)


main()
