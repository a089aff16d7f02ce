# Copyright: the developers of regal-inventory
# SPDX-License-Identifier: MIT

"""What the command line of this run says: in which folders its files are, and with which commands to go on after a stop."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import json
import os
import shlex
import sys

# Options of ansible-playbook that a command for later does without, and those of them that have a value.
_LATER = ("--start-at-task", "--step", "--check", "-C", "--diff", "-D", "--list-hosts", "--list-tasks")
_SOURCES = ("-i", "--inventory", "--inventory-file", "-e", "--extra-vars")
_WITH_VALUE = ("--start-at-task",)


def folders(argv=None):
    """Returns the folders in which the files that variables name are looked for: the playbook's, and the one in which Ansible was called.

    The playbook_dir of Ansible is that of this collection, since a playbook that is imported by its full name has its own.
    """
    words = list(sys.argv if argv is None else argv)
    made = []
    for i, word in enumerate(words):
        if i > 0 and words[i - 1] not in _SOURCES and _is_playbook(word) and os.path.isfile(word):
            made.append(os.path.dirname(os.path.abspath(word)))
    return made + [os.getcwd()] if os.getcwd() not in made else made


def stopped(begun, wave="", done=(), why=(), argv=None):
    """Returns what to tell a person of a stop, line by line: where it was, who is not released, what was not touched, and the
    commands that go on. Without a wave it is what to tell before there is one.

    begun is the plan of the run, wave the group of the wave in which it stopped, done the hosts of all its waves that have said that
    they are done, why a line for each host of which it is known.
    """
    call, lines = commands(begun, argv, wave), []
    if wave:
        missing = [host for host in begun["hosts"][wave] if host not in set(done)]
        later = [other for other in begun["waves"][begun["waves"].index(wave) + 1 :] if begun["hosts"][other]]
        lines += ["The release of %s stopped in %s" % (begun["versions"][begun["of"][wave]]["name"], wave)] + list(why)
        if missing:
            lines.append("Not done in this wave: " + ", ".join(missing))
        if later:
            count = sum(len(begun["hosts"][other]) for other in later)
            lines.append("Not touched: %s, %d %s" % (", ".join(later), count, "host" if count == 1 else "hosts"))
    lines.append("To go on after %s: %s" % ("it is mended" if wave else "a stop", call["resume"]))
    if begun["playbook"] != "rollback":
        lines.append("To take it back: " + call["rollback"])
    return lines


def commands(begun, argv=None, wave=""):
    """Returns the commands that resume the release whose plan is begun, and that roll it back. Where nothing is recorded the release goes on
    with wave; without one the command has ... in its place, for only its reader knows the wave.

    They are made of the call of this run. A value of -e that is not one of ours is left out, since it may be a secret.
    """
    words = list(sys.argv if argv is None else argv)
    words[0] = os.path.basename(words[0])
    kept, playbook, i = [], "", 0
    while i < len(words):
        word = words[i]
        i += 1
        if word in ("-e", "--extra-vars") and i < len(words):
            kept += _variable(words[i])
            i += 1
        elif word.startswith("--extra-vars="):
            kept += _variable(word[len("--extra-vars=") :])
        elif word.startswith("-e") and not word.startswith("--"):
            kept += _variable(word[2:])
        elif word.split("=")[0] in _LATER:
            i += word in _WITH_VALUE
        else:
            playbook = word if _is_playbook(word) and words[i - 2] not in _SOURCES else playbook
            kept.append(word)
    if begun["playbook"] == "rollback":
        resume = kept  # what has been rolled back is so once more
    elif begun["policy"]:
        resume = kept + ["-e", "regal_resume=true"]
    else:
        resume = _without(kept, "regal_from=", "regal_unrecorded=", "regal_yes=")
        if begun["playbook"] == "ordered":  # which begins with the canary
            resume = _instead(resume, playbook, "rollout")
        resume += ["-e", "regal_from=" + (wave or "..."), "-e", "regal_unrecorded=true"]
    return {"resume": _text(resume), "rollback": _text(_rollback(kept, playbook, begun))}


def _is_playbook(word):
    """Tells whether a word of the command line may name a playbook."""
    return word.endswith((".yml", ".yaml")) and not word.startswith("-") or word.startswith("regal.release.")


def _variable(text):
    """Returns the words that are kept of a value of -e: what is not ours stands there as NAME=..."""
    if text.startswith("@"):
        return ["-e", text]
    if text.startswith("{"):
        try:
            pairs = json.loads(text)
        except ValueError:
            return ["-e", "..."]
        pairs.pop("regal_resume", None)
        ours = dict((name, value) for name, value in pairs.items() if name.startswith("regal_"))
        return (["-e", json.dumps(ours, sort_keys=True)] if ours else []) + [
            word for name in sorted(pairs) if name not in ours for word in ("-e", name + "=...")
        ]
    kept = []
    for pair in shlex.split(text):
        name, equals, _value = pair.partition("=")
        if name != "regal_resume":
            kept += ["-e", pair if name.startswith("regal_") else name + "=..." if equals else "..."]
    return kept


def _rollback(kept, playbook, begun):
    """Returns the words of the rollback that undoes a rollout: the same sources, and the playbook beside the one that was run."""
    made = _without(_instead(kept, playbook, "rollback"), "regal_version=", "regal_release=", "regal_from=", "regal_unrecorded=", "regal_yes=")
    name = begun["versions"][0]["name"] if begun["versions"] else ""
    return made + ["-e", "regal_version=" + name, "-e", "regal_release=..."]


def _instead(words, playbook, other):
    """Returns the words with another playbook: the one of that name beside it, if there is one, or else the collection's."""
    if playbook not in words:
        return words
    beside = os.path.join(os.path.dirname(playbook), other + ".yml")
    at = len(words) - 1 - words[::-1].index(playbook)
    return words[:at] + [beside if os.path.isfile(beside) else "regal.release." + other] + words[at + 1 :]


def _without(words, *starts):
    """Returns the words without each -e whose value begins with one of the starts."""
    made, i = [], 0
    while i < len(words):
        drop = words[i] == "-e" and i + 1 < len(words) and words[i + 1].startswith(starts)
        made += [] if drop else [words[i]]
        i += 2 if drop else 1
    return made


def _text(words):
    """Returns words as a shell takes them; ... stands for what a person has to write."""
    return " ".join(word if word.endswith("=...") or word == "..." else shlex.quote(word) for word in words)
