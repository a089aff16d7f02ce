"""Answers each line of standard input, a YAML text in JSON, with what Ansible's loader makes of it, as typed JSON.

The answer is {"error"} where the loader refuses the text or makes something of it that contains itself.
"""
import datetime
import json
import sys

from ansible.parsing.yaml.loader import AnsibleLoader
from ansible.utils.display import Display

Display.warning = lambda self, *args, **kwargs: None


def key_text(key):
    if key is True:
        return "true"
    if key is False:
        return "false"
    return "null" if key is None else str(key)


def typed(value):
    if hasattr(value, "_ciphertext"):
        return {"vault": bytes(value._ciphertext).decode()}
    if value is None:
        return None
    if isinstance(value, str):
        return {"unsafe": str(value)} if getattr(value, "__UNSAFE__", False) else str(value)
    if isinstance(value, bool):
        return {"bool": value}
    if isinstance(value, int):
        return {"int": str(value)}
    if isinstance(value, float):
        return {"float": repr(value)}
    if isinstance(value, bytes):
        return value.decode("utf-8", "surrogateescape")
    if isinstance(value, (set, frozenset)):
        return [typed(element) for element in sorted(value, key=str)]
    if isinstance(value, dict):
        return {"dict": {key_text(k): typed(v) for k, v in value.items()}}
    if isinstance(value, (list, tuple)):
        return [typed(element) for element in value]
    if isinstance(value, (datetime.date, datetime.datetime)):
        return value.isoformat()
    raise TypeError(type(value))


def answer(text):
    try:
        return typed(AnsibleLoader(text, "x").get_single_data())
    except Exception as fault:
        return {"error": type(fault).__name__}


for line in sys.stdin.buffer:
    written = json.dumps(answer(json.loads(line)), ensure_ascii=False, separators=(",", ":"))
    sys.stdout.buffer.write(written.encode("utf-8", "surrogatepass") + b"\n")
