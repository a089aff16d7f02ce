"""A value of Python's with its type, as JSON can hold it: 1, 1.0, "1" and true all differ.

A text is {"unsafe": text} where Ansible would not run it as a template though it may look like one. What JSON cannot hold is
what stands for it: a set is a sorted list, a date or complex number a text, and a key that is no text is one.
"""
import datetime

try:  # since ansible-core 2.19 every text carries whether it may be a template
    from ansible._internal._datatag import _tags as tags
except ImportError:
    tags = None


class Unfit(Exception):
    """A value that no JSON can hold."""


class Refused(Exception):
    """A value that regal-inventory refuses."""


class WrittenSet(dict):
    """A set that remembers the order of writing; like a set it keeps the first of equal elements."""

    def __init__(self, elements=()):
        super().__init__()
        for element in elements:
            self.setdefault(element)


def is_template(text):
    return any(mark in text for mark in ("{{", "{%", "{#"))


def not_run(answer):
    """What stands in a set is no template."""
    return {"unsafe": answer} if isinstance(answer, str) and is_template(answer) else answer


def printable(text):
    if any("\ud800" <= c <= "\udfff" for c in text):
        raise Refused("not UTF-8")
    return text


def key_text(key):
    if isinstance(key, bool) or key is None:
        return {True: "true", False: "false", None: "null"}[key]
    return str(key)


def keys_text(keys, strict):
    texts = [key_text(key) for key in keys]
    if len(set(texts)) < len(texts):
        raise Refused("two keys are one text")
    if strict:
        for text in texts:
            printable(text)
            if text in ("__ansible_vault", "__ansible_unsafe", "__ansible_type"):
                raise Refused(text)
    return texts


def typed(value, plain=False, strict=False):
    """plain: as nothing of Ansible's has made it; strict: with all that regal-inventory refuses."""
    def again(element):
        return typed(element, plain, strict)

    ciphertext = getattr(value, "_ciphertext", None)
    if ciphertext is not None:
        return {"vault": bytes(ciphertext).decode() if isinstance(ciphertext, bytes) else str(ciphertext)}
    if value is None:
        return None
    if isinstance(value, str):
        text = printable(str(value)) if strict else str(value)
        trusted = not getattr(value, "__UNSAFE__", False) and (plain or tags is None or tags.TrustedAsTemplate.is_tagged_on(value))
        return text if trusted else {"unsafe": text}
    if isinstance(value, bool):
        return {"bool": value}
    if isinstance(value, int):
        return {"int": int.__repr__(value)}
    if isinstance(value, float):
        return {"float": float.__repr__(value)}
    if isinstance(value, bytes):
        text = bytes(value).decode("utf-8", "surrogateescape")
        if strict:
            printable(text)
        return {"unsafe": text} if is_template(text) else text
    if isinstance(value, (set, frozenset, WrittenSet)):
        return [not_run(again(element)) if not plain else again(element) for element in sorted(value, key=str)]
    if isinstance(value, dict):
        return {"dict": dict(zip(keys_text(value, strict), map(again, value.values())))}
    if isinstance(value, (list, tuple)):
        return [again(element) for element in value]
    if isinstance(value, (datetime.date, datetime.datetime)):
        return value.isoformat()
    if isinstance(value, complex) or value is ...:
        return str(value)
    raise Unfit(type(value))
