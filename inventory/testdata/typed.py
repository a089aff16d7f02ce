"""A value of Python's with its type, as JSON can hold it: 1, 1.0, "1" and true all differ."""
import datetime


class Unfit(Exception):
    """A value that no JSON can hold."""


class WrittenSet(dict):
    """A set that remembers the order of writing; like a set it keeps the first of equal elements."""

    def __init__(self, elements=()):
        super().__init__()
        for element in elements:
            self.setdefault(element)


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
    if isinstance(value, (set, frozenset, WrittenSet)):
        return [typed(element) for element in sorted(value, key=str)]
    if isinstance(value, dict):
        return {"dict": {key_text(k): typed(v) for k, v in value.items()}}
    if isinstance(value, (list, tuple)):
        return [typed(element) for element in value]
    if isinstance(value, (datetime.date, datetime.datetime)):
        return value.isoformat()
    raise Unfit(type(value))
