"""What Ansible and Python make of addresses, globs, regular expressions, targets and variables, for the tests of targets.

target.py QUESTION < questions.json > answers.json: a list of questions in, the list of answers out. Texts are lists of
code points where they may hold lone surrogates.
"""
import fnmatch
import json
import os
import re
import signal
import sys
import tempfile
import warnings

warnings.simplefilter("ignore")


def text(points):
    return "".join(map(chr, points))


def points(string):
    return [ord(c) for c in string]


def address(question):
    from ansible.parsing.utils.addresses import parse_address
    try:
        host, port = parse_address(text(question["text"]), allow_ranges=question["ranges"])
    except Exception:
        return None
    return {"host": points(host), "port": None if port is None else str(port)}


def split(question):
    from ansible.inventory.manager import split_host_pattern
    return [points(term) for term in split_host_pattern(text(question))]


def matches(pattern, names):
    """Which of the names the pattern matches as in InventoryManager._match_list; None if it is invalid."""
    try:
        compiled = re.compile(pattern)
    except Exception:
        return None
    return [i for i, name in enumerate(names) if compiled.match(name)]


def glob(question):
    try:
        pattern = fnmatch.translate(text(question["pattern"]))
    except Exception:
        return None
    return matches(pattern, map(text, question["names"]))


class Slow(BaseException):
    pass


def regex(question):
    def stop(*_):
        raise Slow
    signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, 0.5)
    try:
        return matches(text(question["pattern"]), [text(name) for name in question["names"]])
    except Slow:
        return "slow"
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def inventory_of(question):
    """An InventoryManager with the groups and hosts of the question, put there as an inventory plugin puts them."""
    from ansible.inventory.manager import InventoryManager
    from ansible.parsing.dataloader import DataLoader
    manager = InventoryManager(loader=DataLoader())
    manager._sources = question.get("sources") or []
    data = manager._inventory
    for group in question["groups"] or []:
        data.add_group(group["name"])
        for name, value in (group["vars"] or {}).items():
            data.set_variable(group["name"], name, value)
    for group, host in question["members"] or []:
        data.add_host(host, group or None)
    for host in question["hosts"] or []:
        for name, value in (host["vars"] or {}).items():
            data.hosts[host["name"]].set_variable(name, value)
    for parent, child in question["children"] or []:
        data.add_child(parent, child)
    data.reconcile_inventory()
    return manager


def is_plain(pattern):
    return fnmatch.translate(pattern)[:-2] == "(?s:" + re.escape(pattern) + ")"  # \Z, since Python 3.14 \z


def select(question):
    """The hosts of each target, or the error; and the plain names among its terms that Ansible finds nowhere."""
    from ansible.errors import AnsibleError
    from ansible.inventory import manager as module
    manager = inventory_of(question)
    ignored = "Could not match supplied host pattern, ignoring: "
    complaints = []
    module.display.warning = complaints.append
    answers = []
    for target in question["targets"]:
        manager.clear_caches()
        complaints.clear()
        answer = {"empty": not module.split_host_pattern(target)}
        try:
            hosts = manager.get_hosts(target)
            answer["hosts"] = [host.name for host in hosts if not host.implicit]
        except (AnsibleError, IndexError) as error:
            answer["error"] = str(error)
        unmatched = [text[len(ignored):] for text in complaints if text.startswith(ignored)]
        answer["unknown"] = [name for name in unmatched if name[0] != "~" and is_plain(name)]
        answers.append(answer)
    return answers


def variables(question):
    from ansible.vars.manager import VariableManager
    manager = inventory_of(question)
    known = VariableManager(loader=manager._loader, inventory=manager)
    answers = []
    for name in question.get("ask") or []:
        try:
            found = known.get_vars(host=manager.get_host(name), include_hostvars=False)
        except Exception as error:
            answers.append({"error": str(error)})
            continue
        answers.append({"vars": {key: str(found[key]) for key in question["names"] if key in found}})
    return answers


QUESTIONS = {f.__name__: f for f in (address, split, glob, regex, select, variables)}


if __name__ == "__main__":
    for name in [name for name in os.environ if name.startswith("ANSIBLE_")]:
        del os.environ[name]
    os.environ["ANSIBLE_TRANSFORM_INVALID_GROUP_CHARS"] = "ignore"
    answer = QUESTIONS[sys.argv[1]]
    with tempfile.NamedTemporaryFile(suffix=".cfg") as nothing:
        os.environ["ANSIBLE_CONFIG"] = nothing.name
        answers = [answer(question) for question in json.load(sys.stdin)]
    json.dump(answers, sys.stdout)
