# Copyright: the developers of regal-inventory
# SPDX-License-Identifier: MIT

from __future__ import absolute_import, division, print_function

__metaclass__ = type

DOCUMENTATION = r"""
name: policies
author: The developers of regal-inventory
short_description: The policies among the sources of a run, and their plans
version_added: 1.0.0
description:
  - Asks each policy of regal-inventory among the sources for its plan, as C(--plan=json) prints it.
  - Policies with one plan between them count once, since the program in a folder reads the policy beside it.
options:
  _terms:
    description: The sources, as C(ansible_inventory_sources) has them.
    type: list
    elements: str
    required: true
  binary:
    description: The program that reads policies which are not executable.
    type: str
    default: regal-inventory
    env:
      - name: REGAL_BINARY
    ini:
      - section: regal
        key: binary
"""

EXAMPLES = r"""
- name: Show the versions of the policy
  ansible.builtin.debug:
    msg: "{{ query('regal.release.policies', ansible_inventory_sources) | map(attribute='plan.versions') | flatten }}"
"""

RETURN = r"""
_list:
  description: For each policy a map of its C(policy), the words of its C(command), and its C(plan), null where that cannot be read.
  type: list
  elements: dict
"""

import json
import os

from ansible.plugins.lookup import LookupBase

from ansible_collections.regal.release.plugins.module_utils import policy


class LookupModule(LookupBase):
    def run(self, terms, variables=None, **kwargs):
        self.set_options(var_options=variables, direct=kwargs)
        binary = self.get_option("binary")
        found = []
        for source in _flat(terms):
            inside = sorted(os.listdir(source)) if os.path.isdir(source) else []
            for file in [source] + [os.path.join(source, name) for name in inside]:
                file = os.path.abspath(file)
                words = policy.command(file, binary)
                if words is None:
                    continue
                status, output, _complaint = policy.run(words + ["--plan=json"])
                plan = json.loads(output) if status == 0 else None
                if plan is None or plan not in [other["plan"] for other in found]:
                    found.append({"policy": file, "command": words, "plan": plan})
        return found


def _flat(terms):
    """Returns the sources, also of lists among the terms."""
    for term in terms:
        if isinstance(term, (list, tuple)):
            for one in term:
                yield one
        elif term:
            yield term
