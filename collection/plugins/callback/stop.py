# Copyright: the developers of regal-inventory
# SPDX-License-Identifier: MIT

from __future__ import absolute_import, division, print_function

__metaclass__ = type

DOCUMENTATION = r"""
name: stop
type: notification
author: The developers of regal-inventory
short_description: Says how to go on when a release has stopped
version_added: 1.0.0
description:
  - A host that fails ends a run of Ansible before another task could say anything. At the end of such a run this says in which wave
    the release stopped, which hosts failed and why, which are not released, what was not touched, and with which commands it goes on
    or is taken back.
  - If the run has C(regal_notify), its tasks are called too, with C(regal_event.what) being C(stop).
requirements:
  - To be enabled, by C(callbacks_enabled = regal.release.stop) in the section C([defaults]) of ansible.cfg.
"""

import json
import os
import subprocess
import sys
import tempfile

from ansible.plugins.callback import CallbackBase

from ansible_collections.regal.release.plugins.module_utils import stops


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "regal.release.stop"
    CALLBACK_NEEDS_ENABLED = True
    CALLBACK_NEEDS_WHITELIST = True

    def __init__(self, *args, **kwargs):
        super(CallbackModule, self).__init__(*args, **kwargs)
        self._why = []
        self._play = None

    def v2_playbook_on_play_start(self, play):
        self._play = play

    def v2_runner_on_failed(self, result, ignore_errors=False):
        if not ignore_errors:
            self._keep(result)

    def v2_runner_on_unreachable(self, result):
        if not result._task.ignore_unreachable:
            self._keep(result)

    def _keep(self, result):
        """Notes which host failed in which task, and the first line of why."""
        values = result._result
        message = values.get("msg") or values.get("stderr") or "it failed"
        self._why.append((result._host.get_name(), result._task.get_name(), str(message).strip().split("\n")[0]))

    def v2_playbook_on_stats(self, stats):
        hostvars = self._play.get_variable_manager().get_vars().get("hostvars") or {} if self._play else {}
        facts = _facts(hostvars, "localhost")
        begun = facts.get("regal_begun")
        if not begun or begun["checks"] or facts.get("regal_verified") == begun["id"]:
            return
        waves = [wave for wave in begun["waves"] if begun["hosts"][wave] and wave not in facts.get("regal_passed", [])]
        if not waves:
            return
        hosts = begun["hosts"][waves[0]]
        done = [host for wave in facts.get("regal_passed", []) for host in begun["hosts"][wave] if host not in facts.get("regal_failed", [])]
        done += [host for host in hosts if _facts(hostvars, host).get("regal_done") == begun["id"]]
        why = ["%s: %s: %s" % why for why in self._why if why[0] in hosts or why[0] == "localhost"]
        lines = stops.stopped(begun, waves[0], done, why)
        self._display.banner("STOP")
        for line in lines:
            self._display.display(line)
        if begun["gates"].get("notify"):
            self._notify(begun, waves[0], done, facts, lines)

    def _notify(self, begun, wave, done, facts, lines):
        """Calls the user's tasks by a run of their own, since this one is over."""
        event = {
            "what": "stop",
            "versions": [version["name"] for version in begun["versions"]],
            "release": begun["release"],
            "wave": wave,
            "hosts": begun["hosts"][wave],
            "done": done,
            "failed": sorted(set(host for host, _task, _message in self._why if host != "localhost")),
            "message": "\n".join(lines),
        }
        playbook = [{
            "name": "Tell that the release stops",
            "hosts": "localhost",
            "gather_facts": False,
            "tasks": [{"name": "Tell what has happened", "ansible.builtin.include_tasks": begun["gates"]["notify"]}],
        }]
        folder = tempfile.mkdtemp(prefix="regal-release-")
        files = {}
        for name, value in (("play.json", playbook), ("event.json", {"regal_event": event})):
            files[name] = os.path.join(folder, name)
            with open(files[name], "w") as file:
                json.dump(value, file)
        try:
            process = subprocess.Popen(
                [sys.executable, sys.argv[0], "-i", "localhost,", "-c", "local", "-e", "ansible_python_interpreter=" + sys.executable]
                + ["-e", "@" + files["event.json"], files["play.json"]],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
            )
            output = process.communicate()[0].decode("utf-8", "replace")
        finally:
            for path in files.values():
                os.remove(path)
            os.rmdir(folder)
        if process.returncode != 0:
            self._display.error("regal_notify was not told that the release stops: " + output)


def _facts(hostvars, host):
    """Returns the facts that tasks of this run have set on a host."""
    names = ("regal_begun", "regal_passed", "regal_failed", "regal_verified", "regal_done")
    values = hostvars[host] if host in hostvars else {}
    return dict((name, values[name]) for name in names if name in values)
