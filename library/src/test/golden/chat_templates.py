"""Renders chat templates with transformers, for JinjaReferenceTest and JinjaConformanceTest.

    python chat_templates.py CONFORMANCE_FOLDER

Reads ../resources/golden/chat-templates/{conversations.json,snippets.txt}; writes snippets.jsonl (each template with what it
writes) and references.tsv (SHA-256, shortened, of what other people's templates write; "-" where they fail).
"""

import datetime
import hashlib
import json
import pathlib
import sys

from transformers.utils import chat_template_utils

RESOURCES = pathlib.Path(__file__).parent.parent / "resources" / "golden" / "chat-templates"
FUNCTIONS = {
    "(x, y) => x + y": lambda x, y: x + y,
    "(...args) => args.length": lambda *values: len(values),
    '(...args) => args.join("")': lambda *values: "".join(values),
    '(...args) => args.join("_")': lambda *values: "_".join(values),
    "() => {}": lambda: None,
}
SNIPPET_VALUES = json.loads((RESOURCES / "snippet-values.json").read_text())


class FixedTime(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls(2025, 3, 7, 9, 5, 4)


chat_template_utils.datetime = FixedTime


def render(template, values):
    try:
        return chat_template_utils._cached_compile_jinja_template(template).render(**values)
    except Exception:
        return None


def digest(text):
    return "-" if text is None else hashlib.sha256(text.encode()).hexdigest()[:12]


def with_functions(value):
    if isinstance(value, dict):
        if "__js_function__" in value:
            return FUNCTIONS[value["__js_function__"]]
        return {key: with_functions(item) for key, item in value.items()}
    return [with_functions(item) for item in value] if isinstance(value, list) else value


def references(folder):
    cases = json.loads((folder / "extracted-json/huggingface.js-jinja-templates.json").read_text())
    for name, template in cases["TEST_STRINGS"].items():
        yield "unit/" + name, [digest(render(template, with_functions(cases["TEST_CONTEXT"][name])))]
    for case in json.loads((folder / "extracted-json/huggingface.js-jinja-e2e.json").read_text()):
        yield "e2e/" + case["name"], [digest(render(case["chat_template"], case.get("data", {})))]
    conversations = json.loads((RESOURCES / "conversations.json").read_text())
    tokens = {"bos_token": "<s>", "eos_token": "</s>", "pad_token": "<pad>", "unk_token": "<unk>"}
    always = {"tools": None, "documents": None, "add_generation_prompt": False, **tokens}
    for file in sorted((folder / "chat-template").glob("**/*.jinja")):
        template = file.read_text()
        name = file.relative_to(folder).as_posix()
        yield name, [digest(render(template, {**always, **values})) for values in conversations.values()]


snippets = (RESOURCES / "snippets.txt").read_text().split("\n====\n")
with open(RESOURCES / "snippets.jsonl", "w") as out:
    for snippet in snippets:
        row = {"template": snippet.removesuffix("\n"), "text": render(snippet.removesuffix("\n"), SNIPPET_VALUES)}
        out.write(json.dumps(row, ensure_ascii=False) + "\n")
if len(sys.argv) > 1:
    with open(RESOURCES / "references.tsv", "w") as out:
        for name, digests in references(pathlib.Path(sys.argv[1])):
            out.write("\t".join([name, *digests]) + "\n")
