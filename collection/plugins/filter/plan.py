# Copyright: the developers of regal-inventory
# SPDX-License-Identifier: MIT

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ansible_collections.regal.release.plugins.module_utils import gates, plans, stops


class FilterModule(object):
    """What the playbooks compute: the plan of a run, whether a gate is open, and what to say at a stop."""

    def filters(self):
        return {
            "known": plans.known,
            "plan": plans.plan,
            "takes": plans.takes,
            "differences": plans.differences,
            "window": gates.closed,
            "steps": gates.steps,
            "stopped": stops.stopped,
        }
