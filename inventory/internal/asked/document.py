"""Answers each line of standard input, a YAML text in JSON, with what Ansible's loader makes of it, as typed JSON.

The answer is {"error"} where the loader refuses the text or makes something of it that contains itself, and where
regal-inventory refuses it.
"""
import json
import sys

import yaml
from ansible.parsing.yaml.loader import AnsibleLoader
from ansible.utils.display import Display

from typed import tags, typed

for name in ("warning", "deprecated"):
    setattr(Display, name, lambda self, *args, **kwargs: None)


def load(text):
    if tags is None:
        return AnsibleLoader(text, "x").get_single_data()
    return yaml.load(tags.TrustedAsTemplate().tag(tags.Origin(path="/x").tag(text)), Loader=AnsibleLoader)


def answer(text):
    try:
        return typed(load(text), strict=True)
    except Exception as fault:
        return {"error": type(fault).__name__}


for line in sys.stdin.buffer:
    written = json.dumps(answer(json.loads(line)), ensure_ascii=False, separators=(",", ":"))
    sys.stdout.buffer.write(written.encode("utf-8", "surrogatepass") + b"\n")
