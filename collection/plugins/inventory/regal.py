# Copyright: the developers of regal-inventory
# SPDX-License-Identifier: MIT

from __future__ import absolute_import, division, print_function

__metaclass__ = type

DOCUMENTATION = r"""
name: regal
author: The developers of regal-inventory
short_description: A policy of regal-inventory as an inventory source
version_added: 1.0.0
description:
  - Reads the inventory that a policy names, and adds a group for each wave in which a version is to be released.
  - The policy is a YAML file that regal-inventory reads; this plugin calls that program, and hands what it prints to Ansible.
  - A policy with C(plugin=regal.release.regal) needs no executable bit, which archives and checkouts on Windows lose.
  - An error ends the whole run with exit status 1, also where Ansible would go on without the source. Ansible itself decides what
    happens when the collection is missing; set C(any_unparsed_is_failed) in the section C([inventory]) of ansible.cfg for that.
options:
  plugin:
    description: What makes the file a source of this plugin.
    type: str
    required: true
    choices: [regal.release.regal]
  binary:
    description:
      - The program. One with a slash in it is a file, relative to the policy; another is looked for in E(PATH).
    type: str
    default: regal-inventory
    env:
      - name: REGAL_BINARY
    ini:
      - section: regal
        key: binary
  always_show_stderr:
    description: Whether what the program writes on standard error is shown also when it succeeds, its warnings.
    type: boolean
    default: true
    env:
      - name: ANSIBLE_INVENTORY_PLUGIN_SCRIPT_STDERR
    ini:
      - section: inventory_plugin_script
        key: always_show_stderr
seealso:
  - name: The policy
    description: Every key of the policy.
    link: https://github.com/regal-inventory/regal-inventory/blob/main/docs/policy.md
"""

EXAMPLES = r"""
# regal.yml, beside hosts.ini. ansible-playbook -i regal.yml regal.release.rollout -e regal_version=app-v1
plugin: regal.release.regal
inventory: hosts.ini
combine: 2
versions:
  app-v1: web
"""

import os

from ansible.errors import AnsibleError
from ansible.module_utils.common.process import get_bin_path
from ansible.plugins.inventory.script import InventoryModule as Script

from ansible_collections.regal.release.plugins.module_utils import policy


class InventoryModule(Script):
    """Runs the program as Ansible runs an inventory program, so that what it prints means the same."""

    NAME = "regal.release.regal"

    def __init__(self):
        super(InventoryModule, self).__init__()
        self._given = None

    def set_options(self, task_keys=None, var_options=None, direct=None):
        # Script asks for its options again, without those that stand in the policy.
        self._given = direct or self._given
        super(InventoryModule, self).set_options(task_keys=task_keys, var_options=var_options, direct=self._given)

    def verify_file(self, path):
        return policy.plugin_of(path) == policy.PLUGIN

    def parse(self, inventory, loader, path, cache=False):
        # Ansible warns of an error in a source, and goes on with the hosts of others, or with none. An exit it lets pass.
        try:
            self._parse(inventory, loader, path, cache)
        except AnsibleError as error:
            # Since 2.19 what the program wrote on standard error stands apart.
            more = getattr(error, "_help_text", None)
            self.display.error("%s: %s" % (path, error) + ("\n" + str(more) if more else ""))
            raise SystemExit(1)

    def _parse(self, inventory, loader, path, cache):
        self.loader = loader
        self._read_config_data(path)
        try:
            program = get_bin_path(policy.program(path, self.get_option("binary")))
        except ValueError as error:
            raise AnsibleError("regal-inventory is needed to read this policy: %s. Install it, or name it in REGAL_BINARY" % error)
        # Script runs a program without arguments. The policy goes by the environment, and by its whole path.
        before = os.environ.get("REGAL_POLICY")
        os.environ["REGAL_POLICY"] = os.path.abspath(path)
        try:
            super(InventoryModule, self).parse(inventory, loader, program, cache)
        finally:
            if before is None:
                del os.environ["REGAL_POLICY"]
            else:
                os.environ["REGAL_POLICY"] = before
