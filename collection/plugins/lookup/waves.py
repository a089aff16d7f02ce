# Copyright: the developers of regal-inventory
# SPDX-License-Identifier: MIT

from __future__ import absolute_import, division, print_function

__metaclass__ = type

DOCUMENTATION = r"""
name: waves
author: The developers of regal-inventory
short_description: The hosts and the batches of a play that releases wave by wave
version_added: 1.0.0
description:
  - Says what a play needs behind C(regal.release.guard), which makes the plan of the release.
options:
  _terms:
    description:
      - C(hosts) for the pattern of the play's C(hosts); C(sizes) for its C(serial), how many hosts each wave has.
      - Behind it may come C(canary) or C(batches), for those of user group A or of user group B alone.
    type: list
    elements: str
    required: true
"""

EXAMPLES = r"""
- name: Guard the release
  ansible.builtin.import_playbook: regal.release.guard

- name: Release wave by wave
  hosts: "{{ lookup('regal.release.waves', 'hosts') }}"
  serial: "{{ query('regal.release.waves', 'sizes') }}"
  any_errors_fatal: true
  tasks:
    - name: Begin the wave
      ansible.builtin.import_role:
        name: regal.release.wave
        tasks_from: start
    - name: Deploy
      ansible.builtin.import_tasks: tasks/deploy.yml
    - name: End the wave
      ansible.builtin.import_role:
        name: regal.release.wave
        tasks_from: end

- name: Verify the release
  ansible.builtin.import_playbook: regal.release.verify
"""

RETURN = r"""
_list:
  description: The pattern, or the sizes.
  type: list
  elements: raw
"""

from ansible.errors import AnsibleError
from ansible.plugins.loader import lookup_loader
from ansible.plugins.lookup import LookupBase

from ansible_collections.regal.release.plugins.module_utils import plans


class LookupModule(LookupBase):
    def run(self, terms, variables=None, **kwargs):
        begun = self._begun(variables or {})
        part = terms[1] if len(terms) > 1 else ""
        waves = begun["waves"]
        canaries = [version["stem"] + "_canary" for version in begun["versions"]]
        if part:
            waves = [wave for wave in waves if (wave in canaries) == (part == "canary")]
        if terms[0] == "hosts":
            nobody = (canaries + ["all"])[0]
            return [":".join(waves) or "%s:!%s" % (nobody, nobody)]
        return [len(begun["hosts"][wave]) for wave in waves if begun["hosts"][wave]]

    def _begun(self, variables):
        """Returns the plan that guard.yml has made, which alone counts. Where nothing is run, as in --list-hosts, there is none; one
        is then made for the list."""
        if "hostvars" in variables:
            hostvars = variables["hostvars"]
            begun = hostvars["localhost"].get("regal_begun") if "localhost" in hostvars else None
            if begun:
                return begun
            raise AnsibleError(
                "guard.yml did not run, so nothing is released: import regal.release.guard before the play. --start-at-task and "
                "--skip-tags jump over it; to go on after a stop, say -e regal_resume=true"
            )
        asked = lookup_loader.get("regal.release.policies", loader=self._loader, templar=self._templar).run(
            [variables.get("ansible_inventory_sources") or []], variables
        )
        groups = variables["groups"]
        if not asked and not [group for group in groups if group.endswith("_rollout")]:
            return {"waves": [], "hosts": {}, "versions": []}  # as in --syntax-check without the inventory
        within = variables.get("ansible_play_hosts_all") or groups.get("all", [])
        made = plans.plan(plans.known(asked), plans.listed(variables), groups, within, within)
        if not made["waves"]:
            raise AnsibleError(". ".join([text for text in made["faults"] + [made["wrong"]] if text]) or "All waves are done")
        return made
