#!/usr/bin/python3
"""Tell how an inventory loaded through regal-inventory differs from the same one loaded by Ansible itself.

Reads lines of JSON from standard input: {"source": PATH, "through": PATH or null}. source is an inventory, or a name for
the several of "sources"; through is an executable that prints what regal-inventory made of it, null when regal-inventory
refused it; "order": false says that regal-inventory does not promise the order of the hosts as a whole. Writes a line of JSON for
each: {"source", "refused": whether Ansible refuses it, "hosts": how many there are, "differences": [text, ...]}.
Values are compared with their types; orders are compared where Ansible itself has one.
"""
import datetime
import json
import os
import sys

os.environ.update({
    "ANSIBLE_INVENTORY_ENABLED": "host_list,script,auto,yaml,ini,toml",
    "ANSIBLE_INVENTORY_UNPARSED_FAILED": "1",
    "ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED": "1",
    "ANSIBLE_LOCALHOST_WARNING": "0",
    "ANSIBLE_DEPRECATION_WARNINGS": "0",
    "ANSIBLE_NOCOLOR": "1",
})

from ansible.inventory.manager import InventoryManager  # noqa: E402
from ansible.parsing.dataloader import DataLoader  # noqa: E402
from ansible.utils.display import Display  # noqa: E402

Display.warning = Display.error = Display.display = lambda self, *args, **kwargs: None
BY_ANSIBLE = ("inventory_file", "inventory_dir")
KEYS = {True: "true", False: "false", None: "null"}


def key(k):
    return KEYS[k] if k is None or isinstance(k, bool) else str(k)


def typed(value):
    """The value with its type, as something that == compares rightly: 1, 1.0, True and "1" all differ."""
    if hasattr(value, "_ciphertext"):
        return ("vault", bytes(value._ciphertext).decode().strip())
    if value is None:
        return ("null",)
    if isinstance(value, str):
        return ("unsafe" if getattr(value, "__UNSAFE__", False) else "text", str(value))
    if isinstance(value, bool):
        return ("bool", value)
    if isinstance(value, (int, float)):
        return (type(value).__name__, repr(value))
    if isinstance(value, dict):
        return ("map", {key(k): typed(v) for k, v in value.items()})
    if isinstance(value, (set, frozenset)):
        return ("list", [typed(v) for v in sorted(value, key=str)])
    if isinstance(value, (list, tuple)):
        return ("list", [typed(v) for v in value])
    if isinstance(value, (datetime.date, datetime.datetime)):
        return ("text", value.isoformat())
    if isinstance(value, bytes):
        return ("text", value.decode("utf-8", "surrogateescape"))
    raise NoJSON("%s: %r" % (type(value).__name__, value))


class NoJSON(Exception):
    """A value that no JSON can carry: a complex number or an ellipsis."""


def variables(raw):
    return {key(k): typed(v) for k, v in raw.items() if k not in BY_ANSIBLE}


def load(*sources):
    return InventoryManager(loader=DataLoader(), sources=list(sources))


def view(manager):
    groups = {
        name: {
            "hosts": [h.name for h in group.hosts],
            "every_host": [h.name for h in group.get_hosts()],
            "children": [c.name for c in group.child_groups if not c.name.startswith("zz_")],
            "vars": variables(group.vars),
            "priority": group.priority,
            "depth": group.depth,
        }
        for name, group in manager.groups.items() if not name.startswith("zz_")
    }
    return groups, {name: variables(host.vars) for name, host in manager.hosts.items()}


def by_chance(name, groups):
    return name == "all" or any(groups[child]["children"] for child in groups[name]["children"])


def above_ungrouped(groups):
    """The groups that hold ungrouped: they lose its hosts when Ansible clears it, whatever is printed."""
    above = {"ungrouped"}
    while True:
        more = {name for name, group in groups.items() if above & set(group["children"])} - above
        if not more:
            return above
        above |= more


def differences(one, other, host_order):
    groups, hosts = one
    groups2, hosts2 = other
    cleared = above_ungrouped(groups) - {"all"}
    if set(groups) != set(groups2):
        yield "groups: %s, not %s" % (sorted(groups2), sorted(groups))
    for name, group in groups.items():
        for part, mine in group.items():
            theirs = groups2.get(name, {}).get(part)
            if part == "every_host" and name in cleared or part == "hosts" and name == "ungrouped":
                continue  # every host is in a wave, and Ansible clears ungrouped of those
            if part == "every_host" and by_chance(name, groups) or part == "children" and name == "all":
                mine, theirs = sorted(mine), sorted(theirs or [])
            if mine != theirs:
                yield "group %s: %s: %r, not %r" % (name, part, theirs, mine)
    if (list(hosts) if host_order else set(hosts)) != (list(hosts2) if host_order else set(hosts2)):
        yield "hosts: %s, not %s" % (list(hosts2), list(hosts))
    for name, mine in hosts.items():
        theirs = hosts2.get(name)
        if theirs is not None and mine != theirs:
            for k in {**mine, **theirs}:
                if mine.get(k) != theirs.get(k):
                    yield "host %s: %s: %r, not %r" % (name, k, theirs.get(k), mine.get(k))


def compare(row):
    out = {"source": row["source"], "refused": False, "hosts": 0, "differences": []}
    try:
        one = view(load(*row.get("sources", [row["source"]])))
    except NoJSON as value:
        out["differences"] = [] if row["through"] else ["no JSON for " + str(value)]
        out["nojson"] = True
        return out
    except Exception as fault:
        out["refused"] = True
        if row["through"]:
            out["differences"] = ["accepted, but Ansible refuses: " + " ".join(str(fault).split())[-300:]]
        return out
    out["hosts"] = len(one[1])
    if not row["through"]:
        out["differences"] = ["refused, but Ansible accepts"]
        return out
    try:
        out["differences"] = [str(d)[:400] for d in differences(one, view(load(row["through"])), row.get("order", True))]
    except Exception as fault:
        out["differences"] = ["Ansible refuses what was printed: " + " ".join(str(fault).split())[-300:]]
    return out


for line in sys.stdin:
    try:
        answer = compare(json.loads(line))
    except Exception as fault:
        answer = {"source": json.loads(line)["source"], "refused": False, "hosts": 0, "differences": ["compare.py: %r" % fault]}
    sys.stdout.buffer.write((json.dumps(answer) + "\n").encode())
    sys.stdout.flush()
