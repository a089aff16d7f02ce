# Copyright: the developers of regal-inventory
# SPDX-License-Identifier: MIT

"""Policies among the sources of an Ansible run: which files are policies, and with which words they are run."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import re
import subprocess

PLUGIN = "regal.release.regal"

# The lines that make a file a policy, and that name its program. A file is only looked at, not parsed: it may be an inventory of any size.
_PLUGIN_LINE = re.compile(r"""^plugin: *(["']?)(regal|regal\.release\.regal)\1 *(#.*)?\r?$""", re.MULTILINE)
_BINARY_LINE = re.compile(r"""^binary: *(["']?)(.+?)\1 *(#.*)?\r?$""", re.MULTILINE)
_MOST = 1 << 20


def _line(path, pattern):
    """Returns the value in the first line of a file that the pattern matches; None if there is no such line, or no such file."""
    try:
        with open(path, "rb") as file:
            found = pattern.search(file.read(_MOST).decode("utf-8", "replace"))
    except (IOError, OSError):
        return None
    return found.group(2) if found else None


def plugin_of(path):
    """Returns the plugin that a policy names; None if the file is no policy."""
    return _line(path, _PLUGIN_LINE)


def program(path, binary):
    """Returns the program that reads a policy of the plugin: the one that the policy names, or else the given one. A name with a slash in
    it is relative to the policy."""
    binary = _line(path, _BINARY_LINE) or binary
    return os.path.join(os.path.dirname(os.path.abspath(path)), binary) if "/" in binary else binary


def command(policy, binary):
    """Returns the words that run a policy, without an action; None if it is none.

    policy is a file of the run's sources. Only what Ansible has run already as an inventory program is run: the program itself,
    files that are executable and policies, and policies of the plugin, with the program that the plugin calls.
    """
    if not os.path.isfile(policy):
        return None
    runs = os.access(policy, os.X_OK)
    if runs and os.path.basename(policy) == "regal-inventory":
        return [policy]
    plugin = plugin_of(policy)
    if runs and plugin:
        return [policy]
    return [program(policy, binary), policy] if plugin == PLUGIN else None


def run(words, text=""):
    """Runs words with text as standard input, and returns exit status, standard output and standard error."""
    try:
        process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    except OSError as error:
        return 127, "", "%s: %s" % (words[0], error.strerror)
    output, complaint = process.communicate(text.encode("utf-8", "surrogateescape"))
    return process.returncode, output.decode("utf-8", "surrogateescape"), complaint.decode("utf-8", "surrogateescape")
