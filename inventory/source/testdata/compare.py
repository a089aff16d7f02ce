"""Tell how an inventory loaded through regal-inventory differs from the same one loaded by Ansible itself.

Reads lines of JSON from standard input: {"source": PATH, "through": PATH or null}. source is an inventory, or a name for
the several of "sources"; through is an executable that prints what regal-inventory made of it, null when regal-inventory
refused it; "warned": whether it warned that something is lost; "order": false says that regal-inventory does not promise the order of the hosts as a whole. Writes a line of JSON for
each: {"source", "refused": whether Ansible refuses it, "hosts": how many there are, "lost": whether it holds what JSON cannot
carry, "differences": [text, ...]}. Values are compared with their types, but for what is lost, which is compared with what
docs/ansible.md says becomes of it; texts with whether they may be templates; orders where Ansible itself has one.
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

from ansible import context  # noqa: E402
from ansible.inventory.manager import InventoryManager  # noqa: E402
from ansible.module_utils.common.collections import ImmutableDict  # noqa: E402
from ansible.parsing.dataloader import DataLoader  # noqa: E402
from ansible.utils.display import Display  # noqa: E402

try:  # since 2.15 who is no command of Ansible's has to ask for the loader that finds ansible.builtin.constructed
    from ansible.plugins.loader import init_plugin_loader
    init_plugin_loader()
except ImportError:
    pass
try:  # since 2.19 every text carries whether it may be a template
    from ansible._internal._datatag import _tags as tags
except ImportError:
    tags = None

for name in ("warning", "error", "display", "deprecated", "error_as_warning"):
    if hasattr(Display, name):
        setattr(Display, name, lambda self, *args, **kwargs: None)
lost = False  # whether what was looked at last holds what JSON cannot carry
context.CLIARGS = ImmutableDict(extra_vars=())  # which inventory plugins ask for
BY_ANSIBLE = ("inventory_file", "inventory_dir")
KEYS = {True: "true", False: "false", None: "null"}


def key(k):
    """The key as JSON has it. One that is no text is lost: 80 is not "80"."""
    global lost
    if not isinstance(k, str):
        lost = True
    return KEYS[k] if k is None or isinstance(k, bool) else str(k)


def is_template(text):
    return any(mark in text for mark in ("{{", "{%", "{#"))


def typed_text(text, trusted):
    """A text, and whether Ansible would run it as a template: only of those that are one does that matter."""
    return ("text" if trusted or not is_template(text) else "unsafe", text)


def typed(value, in_set=False):
    """The value with its type, as something that == compares rightly: 1, 1.0, True and "1" all differ."""
    global lost
    ciphertext = getattr(value, "_ciphertext", None)
    if ciphertext is not None:  # bytes before 2.19
        return ("vault", (bytes(ciphertext).decode() if isinstance(ciphertext, bytes) else ciphertext).strip())
    if value is None:
        return ("null",)
    if isinstance(value, str):
        if tags is None and getattr(value, "__UNSAFE__", False):
            return ("unsafe", str(value))
        return typed_text(str(value), not in_set and (tags is None or tags.TrustedAsTemplate.is_tagged_on(value)))
    if isinstance(value, bool):
        return ("bool", value)
    if isinstance(value, int):
        return ("int", int.__repr__(value))
    if isinstance(value, float):
        return ("float", float.__repr__(value))
    if isinstance(value, dict):
        keys = [key(k) for k in value]
        if len(set(keys)) < len(keys):
            raise NoJSON("two keys that are one text: %r" % keys)
        return ("map", {k: typed(v, in_set) for k, v in zip(keys, value.values())})
    if isinstance(value, (set, frozenset)):
        lost = True  # and Ansible leaves the templates in it alone
        return ("list", [typed(v, True) for v in sorted(value, key=str)])
    if isinstance(value, (list, tuple)):
        return ("list", [typed(v, in_set) for v in value])
    if isinstance(value, (datetime.date, datetime.datetime)):
        lost = True
        return ("text", value.isoformat())
    if isinstance(value, bytes):
        lost = True
        return typed_text(value.decode("utf-8", "surrogateescape"), False)
    if isinstance(value, complex) or value is ...:
        lost = True
        return ("text", str(value))
    raise NoJSON("%s: %r" % (type(value).__name__, value))


class NoJSON(Exception):
    """A value of which regal-inventory says that it cannot be printed."""


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
    global lost
    out = {"source": row["source"], "refused": False, "hosts": 0, "lost": False, "differences": []}
    lost = False
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
    out["hosts"], out["lost"] = len(one[1]), lost
    if not row["through"]:
        out["differences"] = ["refused, but Ansible accepts"]
        return out
    if row.get("warned", lost) != lost:
        out["differences"] = ["something is lost without a warning" if lost else "a warning of a loss, but nothing is lost"]
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
