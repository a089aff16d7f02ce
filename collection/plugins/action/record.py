# Copyright: the developers of regal-inventory
# SPDX-License-Identifier: MIT

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ansible.plugins.action import ActionBase

from ansible_collections.regal.release.plugins.module_utils import policy


class ActionModule(ActionBase):
    """Calls a policy on the control node, as the user who called Ansible. The module of this name has the documentation."""

    TRANSFERS_FILES = False
    BYPASS_HOST_LOOP = True
    _VALID_ARGS = frozenset(("command", "begin", "resume", "done", "end", "released"))

    def run(self, tmp=None, task_vars=None):
        result = super(ActionModule, self).run(tmp, task_vars)
        args = self._task.args
        result.update(changed=True, said=[])
        if (task_vars or {}).get("ansible_check_mode"):
            return result
        for flag in ("begin", "resume", "done", "end"):
            for name in args.get(flag) or []:
                words = list(args["command"]) + ["--" + flag, name]
                hosts = ""
                if args.get("released") is not None and flag == "done":
                    words += ["--released", "-"]
                    hosts = "".join(host + "\n" for host in args["released"])
                status, output, complaint = policy.run(words, hosts)
                if status != 0:
                    result.update(failed=True, rc=status, msg=complaint.strip() or "%s cannot be run" % words[0])
                    return result
                result["said"].extend(output.splitlines())
        return result
