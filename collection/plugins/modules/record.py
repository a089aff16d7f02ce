#!/usr/bin/python
# Copyright: the developers of regal-inventory
# SPDX-License-Identifier: MIT

from __future__ import absolute_import, division, print_function

__metaclass__ = type

DOCUMENTATION = r"""
module: record
author: The developers of regal-inventory
short_description: Keeps the record of a release under way
version_added: 1.0.0
description:
  - Calls a policy of regal-inventory on the control node, as the user who called Ansible, once for a whole play.
  - The playbooks and the role of this collection do all of that; a play of one's own needs it to C(end) a release that is given up.
options:
  command:
    description: The words that run the policy, as the lookup C(regal.release.policies) has them.
    type: list
    elements: str
    required: true
  begin:
    description: Versions of which a release begins.
    type: list
    elements: str
  resume:
    description: Versions of which a release goes on, over what the fleet is now.
    type: list
    elements: str
  done:
    description: Groups of waves that are done.
    type: list
    elements: str
  released:
    description: With O(done), the hosts that were released; the wave's others come last.
    type: list
    elements: str
  end:
    description: Versions of which the release ends.
    type: list
    elements: str
attributes:
  check_mode:
    description: Nothing is written.
    support: full
  diff_mode:
    description: There is none.
    support: none
extends_documentation_fragment: []
"""

EXAMPLES = r"""
- name: Give the release of app-v1 up
  regal.release.record:
    command: [./regal.yml]
    end: [app-v1]
"""

RETURN = r"""
said:
  description: What the program printed, line by line.
  type: list
  elements: str
  returned: always
"""
