# Copyright: the developers of regal-inventory
# SPDX-License-Identifier: MIT

"""The plan of a run: which waves it releases, to which hosts, and what is wrong with it.

Waves are in the order of their own names, the canary and then the batches by number, never in that of the groups: AWX, and
whoever exports with ansible-inventory, sort these by name.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import re

from ansible_collections.regal.release.plugins.module_utils import gates, stops

# The variables that each playbook takes besides regal_version, without regal_.
TAKES = {
    "rollout": ("from", "through", "release", "resume", "unrecorded", "deploy") + gates.NAMES,
    "rollback": ("from", "through", "release", "skip_unreachable", "deploy") + gates.NAMES,
    "ordered": ("release", "yes", "resume", "unrecorded", "deploy") + tuple(name for name in gates.NAMES if name != "max_failed"),
}

# The names that variables once had, and those that they have now.
FORMER = (("version", "version"), ("from_wave", "from"), ("through_wave", "through"), ("release", "release"), ("confirm", "yes"))

# All variables but regal_version, in the order in which messages name them.
VARIABLES = ("from", "through", "release", "yes", "skip_unreachable", "resume", "unrecorded", "deploy") + gates.NAMES


def known(asked):
    """Returns what the policies among the sources say: their files, and the versions of those that can be read.

    asked is what the lookup regal.release.policies returns.
    """
    found = [one for one in asked if one["plan"]]
    versions = [version for one in found for version in one["plan"]["versions"]]
    return {
        "policies": [one["policy"] for one in found],
        "command": found[0]["command"] if found else [],
        "unread": [one["policy"] for one in asked if not one["plan"]],
        "versions": [
            {
                "name": version["name"],
                "stem": version["group"],
                "waves": dict((wave["group"], wave["hosts"]) for wave in version["waves"]),
                "have": len(version.get("left_out", [])),
                "release": version.get("release", {}),
            }
            for version in versions
        ],
    }


def safe(name):
    """Returns the name of a version as that of a group, made safe as regal-inventory does it."""
    name = re.sub(r"[^A-Za-z0-9_]", "_", name)
    return re.sub(r"\A([0-9])", r"v\1", name)


def takes(playbook):
    """Returns the variables that a playbook takes."""
    return ["regal_version"] + ["regal_" + name for name in TAKES[playbook]]


def plan(known_, call, groups, within, present):
    """Returns the plan of a run.

    known_ is what known returns. call has the variables of the call, without regal_ before their names, and what Ansible says of the
    call. groups are those of the inventory, with their hosts. within are the hosts that --limit leaves, present those that no play has
    lost.

    In the result, faults has what is wrong with the call, wrong what is wrong with the plan, told the plan in a line. versions has a map
    for each version that is released, in order; waves the groups of all waves, in order; hosts the hosts of each wave; of the index of
    each wave's version; again the waves that were touched before; gates what must hold between waves.
    """
    return _Run(known_, call, groups, within, present).plan()


def listed(variables):
    """Returns the call where Ansible lists hosts and runs nothing: the variables of -e, and no more."""
    call = dict((name, variables.get("regal_" + name, "")) for name in VARIABLES)
    call.update(
        version=variables.get("regal_version", ""),
        playbook=variables.get("_regal_playbook", "rollout"),
        deploys=False,
        former={},
        limit=variables.get("ansible_limit", "all"),
        tags=["all"],
        skip_tags=[],
    )
    return call


def yes(value):
    """Tells whether the value of a variable means yes."""
    return str(value).lower() in ("yes", "true")


def _words(names):
    """Returns names as a list for a message."""
    return ", ".join(str(name) for name in names)


class _Run(object):
    """The plan of a run in the making."""

    def __init__(self, known_, call, groups, within, present):
        self.known = known_
        self.call = call
        self.groups = groups
        self.present = set(present)
        self.playbook = call["playbook"]
        self.rollback = self.playbook == "rollback"
        self.resumes = yes(call["resume"])
        self.unrecorded = yes(call["unrecorded"])
        self.names = self._names()
        recorded = not self.rollback and not self.unrecorded
        self.policy = self.known["policies"][0] if recorded and self.known["policies"] else ""
        self.within = set(within)

    def _names(self):
        """Returns the names of the versions that are asked for: as they were written, and all of them in the plan's order."""
        value = self.call["version"]
        if not isinstance(value, (list, tuple)):
            text = value if isinstance(value, str) else ""
            if text == "all":
                return [version["name"] for version in self.known["versions"]]
            if self._version(text) or "," not in text:
                return [text] if text else []
            value = [part.strip() for part in text.split(",")]
        names = [name for name in value if isinstance(name, str)]
        order = [version["name"] for version in self.known["versions"]]
        stems = [version["stem"] for version in self.known["versions"]]
        place = dict((name, i) for words in (stems, order) for i, name in enumerate(words))
        return sorted(names, key=lambda name: place.get(name, len(order)))

    def _version(self, name):
        """Returns what the policy says of the version of that name or stem; None without a policy."""
        for key in ("name", "stem"):
            for version in self.known["versions"]:
                if version[key] == name:
                    return version
        return None

    def plan(self):
        faults = self._faults()
        if faults:
            return self._result([], faults, "")
        if self.resumes:  # all records begin with the first wave, so that a version without one has been released
            names = [name for name in self.names if self._release(name)]
        else:
            names = self.names
        versions = [_Version(self, name) for name in names]
        wrong = next((text for text in (self._wrong(version) for version in versions) if text), "") or self._shared(versions)
        if not wrong:
            wrong = self._lost(versions)
        return self._result(versions, [], wrong)

    def _result(self, versions, faults, wrong):
        waves = [wave for version in versions for wave in version.waves]
        hosts = dict((wave, version.hosts[wave]) for version in versions for wave in version.waves)
        result = {
            "faults": faults,
            "wrong": wrong,
            "told": "; ".join(version.told() for version in versions),
            "versions": [version.result() for version in versions],
            "waves": waves,
            "hosts": hosts,
            "of": dict((wave, i) for i, version in enumerate(versions) for wave in version.waves),
            "again": [wave for version in versions for wave in version.again()],
            "all": dict((version.stem, version.all) for version in versions),
            "policy": self.policy,
            "playbook": self.playbook,
            "resumed": self.resumes,
            "skip_unreachable": yes(self.call["skip_unreachable"]),
            "yes": yes(self.call["yes"]),
            "command": self.known["command"],
            "gates": {},
        }
        if not faults and not wrong:
            try:
                result["gates"] = gates.read(dict(self.call, folders=stops.folders()), lambda word: self._gate(versions, word), waves)
            except ValueError as error:
                result["wrong"] = str(error)
        return result

    @staticmethod
    def _gate(versions, word):
        """Returns the waves that a word of a gate names: one of each version that has such a wave."""
        return [version.wave(word, -1) for version in versions if version.wave(word, -1) in version.all]

    def _release(self, name):
        """Returns what the plan says of the release of a version under way; an empty map if none is."""
        version = self._version(name)
        return version["release"] if version else {}

    def _names_of_versions(self):
        """Returns the names of all versions for a message."""
        names = [version["name"] for version in self.known["versions"]]
        if not names:
            names = [group[: -len("_rollout")] for group in self.groups if group.endswith("_rollout")]
        return _words(names) or "none at all; was regal.yml read?"

    def _faults(self):
        """Returns what is wrong with the call, whatever the plan is."""
        call, faults = self.call, []
        for old, new in FORMER:
            if call["former"].get(old) and not call[new]:
                faults.append("-e %s= is called -e regal_%s= now" % (old, new))
        if len(self.known["policies"]) > 1:
            faults.append(
                "Two policies are among the sources, and their waves would mix: %s. Name one of them" % _words(self.known["policies"])
            )
        not_taken = [
            "regal_" + name for name in VARIABLES if name not in TAKES[self.playbook] and call[name] not in ("", None)
        ]
        if not_taken:
            faults.append("%s.yml does not take %s" % (self.playbook, _words(not_taken)))
        if list(call["tags"]) != ["all"] or call["skip_tags"]:
            faults.append("A host is released when all tasks ran on it, so there is no release with --tags or --skip-tags")
        if call["version"] == "all" and not self.known["versions"]:
            faults.append("Without a policy among the sources nobody knows all versions, nor their order: name them, as a list")
        elif not self.names and not call["former"].get("version"):
            faults.append("Say which version to release: -e regal_version=NAME, one of: " + self._names_of_versions())
        for name in self.names:
            version = self._version(name)
            if version and version["stem"] != name and name in [other["stem"] for other in self.known["versions"]]:
                faults.append("%s is the name of one version and the group of another: give that one another group in the policy" % name)
        if len(self.names) > 1:
            faults.extend(self._several())
        record = self._wrong_record()
        if record:
            faults.append(record)
        return faults

    def _several(self):
        """Returns what is wrong with a call that names several versions."""
        if self.playbook != "rollout":
            return ["%s.yml takes one version at a time" % self.playbook]
        said = ["regal_" + name for name in ("from", "through", "release") if self.call[name]]
        return ["%s belongs to one version: release one at a time" % _words(said)] if said else []

    def _wrong_record(self):
        """Returns what is wrong with the record of a release, or with a call that needs one and has none; nothing if all is well."""
        call, asked = self.call, self.known
        name = self.names[0] if self.names else ""
        release = self._release(name)
        words = [word for version in asked["versions"] for word in (version["name"], version["stem"])]
        if self.rollback:
            if not release and not call["through"] and (name in words or not words):
                return "No release of %s is under way: say the last wave that was touched, as -e regal_through=b2" % name
            return ""
        if self.resumes and self.unrecorded:
            return "regal_resume goes on with a recorded release, and regal_unrecorded wants none: leave one of them out"
        if asked["unread"] and not asked["policies"] and not self.unrecorded:
            return (
                "The policy %s or its inventory cannot be read, so nobody knows what is under way. To see why, call it with --check"
                % _words(asked["unread"])
            )
        if self.resumes and not asked["policies"]:
            return "No policy is among the sources, so no release is recorded that regal_resume could go on with"
        if self.resumes and not any(self._release(one) for one in self.names):
            return "No release of %s is under way that regal_resume could go on with: to begin one, leave it out" % _words(self.names)
        if not self.resumes:
            for one in self.names:
                if self._release(one):
                    return self._under_way(one)
        if call["from"] and not release and not self.unrecorded:
            return (
                "Without its record nobody knows that the waves before %s are done, and are what they were. To begin there all the "
                "same, say -e regal_unrecorded=true" % call["from"]
            )
        return ""

    def _under_way(self, name):
        """Returns the fault of a release that is under way and is not to be resumed."""
        version = self._version(name)
        release = version["release"]
        return (
            "A release of %s is under way since %s, begun by %s: %s of %d waves %s done. To go on with it, say -e regal_resume=true; "
            "to give it up, %s --end %s"
            % (
                name,
                release["begun"],
                release["by"],
                _words(release["done"]) or "no wave",
                len(version["waves"]),
                "is" if len(release["done"]) < 2 else "are",
                " ".join(self.known["command"]),
                name,
            )
        )

    def _wrong(self, version):
        """Returns what is wrong with a version, nothing if all is well."""
        call, groups = self.call, self.groups
        name, stem, release = version.name, version.stem, version.release
        rollout = groups.get(stem + "_rollout", [])
        canary = stem + "_canary"
        if version.have and not rollout and not release:
            return "Nobody is left: all %d hosts of version %s have it already" % (version.have, name)
        if canary not in groups or not groups[canary] and not release:
            return "The inventory has no canary for version %s. It has versions: %s" % (name, self._names_of_versions())
        unknown = [wave for wave in _unique([version.first, version.last]) if wave not in version.all]
        if unknown:
            rings = "; its rings: " + _words(version.rings) if version.rings else ""
            return "Version %s has no wave %s. Its waves: %s%s" % (name, _words(unknown), _words(version.all), rings)
        if not version.waves and (call["from"] or call["through"] or not release):
            return "No wave is left to release: %s comes after %s" % (version.first, version.last)
        if call["from"] and release and version.next in version.all:
            if version.all.index(version.first) > version.all.index(version.next):
                return "%s comes after %s, which is not done: leave regal_from out" % (version.first, version.next)
        if not version.sound(rollout):
            return (
                "The waves of version %s are not those of a plan: one is missing, or %s_rollout does not have each of their hosts "
                "once. Is this a copy of the inventory that was not overwritten?" % (name, stem)
            )
        return self._limited(version)

    def _limited(self, version):
        """Returns what is wrong with what --limit leaves out; nothing if all is well."""
        full = [wave for wave in version.waves if self.groups[wave]]
        reached = [wave for wave in version.waves if version.hosts[wave]]
        limit = self.call["limit"]
        if full and not reached:
            return "No host of version %s is within --limit %s" % (version.name, limit)
        if full and full[0] not in reached:
            return (
                "--limit %s leaves out all of %s, with which the release begins. To begin with a later wave, name it: "
                "-e regal_from=b1 -e regal_unrecorded=true" % (limit, full[0])
            )
        skipped = [wave for wave in full[: full.index(reached[-1])] if wave not in reached] if reached else []
        if self.policy and skipped:
            return (
                "--limit %s leaves out all of %s, and not what comes after. A release that is recorded goes wave by wave: --limit may "
                "leave out hosts of a wave, which then come last" % (limit, _words(skipped))
            )
        return ""

    def _shared(self, versions):
        """Returns what is wrong if a host is in several of the versions, since a play comes to each host once; nothing if none is."""
        seen = {}
        for version in versions:
            for wave in version.waves:
                for host in version.hosts[wave]:
                    if seen.setdefault(host, version.name) != version.name:
                        return (
                            "%s is in %s and in %s, and a run comes to each host once: release the versions one after another, in the "
                            "order %s" % (host, seen[host], version.name, _words(one.name for one in versions))
                        )
        return ""

    def _lost(self, versions):
        """Returns which hosts a play before this one has lost; nothing if none."""
        lost = [
            host for version in versions for wave in version.waves for host in version.hosts[wave] if host not in self.present
        ]
        return "Nothing is released, a play before this one lost " + _words(lost) if lost else ""


class _Version(object):
    """A version of a run, with the waves that are to be released, from first to last."""

    def __init__(self, run, name):
        asked = run._version(name) or {"stem": safe(str(name)), "have": 0, "release": {}, "name": name, "waves": {}}
        self.run, self.name, self.stem = run, name, asked["stem"]
        self.written = asked["name"]
        self.have, self.release = asked["have"], asked["release"]
        groups = run.groups
        numbers = sorted(
            int(match.group(1))
            for match in (re.match(re.escape(self.stem) + r"_b([1-9][0-9]*)\Z", group) for group in groups)
            if match
        )
        self.numbers = numbers
        self.all = [self.stem + "_canary"] + ["%s_b%d" % (self.stem, number) for number in numbers]
        self.rings = [group for group in groups if group.startswith(self.stem + "_ring_")]
        following = self.release.get("next") or ""
        self.next = self.stem + "_" + following if following else ""
        begin = run.call["from"] or ("" if run.rollback else following) or self.all[0]
        end = run.call["through"] or (following if run.rollback else "") or self.all[-1]
        self.first, self.last = self.wave(str(begin), 0), self.wave(str(end), -1)
        self.waves = []
        if self.first in self.all and self.last in self.all and self.all[0] in groups:
            self.waves = self.all[self.all.index(self.first) : self.all.index(self.last) + 1]
        if self.release and not following and not run.call["from"] and not run.rollback:
            self.waves = []  # every wave is done
        self.hosts = dict((wave, [host for host in groups[wave] if host in run.within]) for wave in self.waves)

    def wave(self, word, end):
        """Returns the wave that a word names: by its name or group, or the first (0) or last (-1) of a ring."""
        if re.match(r"(canary|b[0-9]+|ring_.+)\Z", word):
            word = self.stem + "_" + word
        ring = re.sub(r"[^A-Za-z0-9_]", "_", word)
        if ring not in self.rings:
            return word
        hosts = set(self.run.groups[ring])
        of_ring = [wave for wave in self.all if wave in self.run.groups and self.run.groups[wave] and self.run.groups[wave][0] in hosts]
        return of_ring[end] if of_ring else word

    def sound(self, rollout):
        """Tells whether the groups are those of a plan. A copy, as AWX keeps one, may have lost some, or still have old ones."""
        hosts = [host for wave in self.all if wave in self.run.groups for host in self.run.groups[wave]]
        last = self.numbers[-1] if self.numbers else 0
        return len(self.numbers) == last and len(hosts) == len(set(hosts)) == len(rollout) and set(rollout) == set(hosts)

    def left_out(self):
        """Returns the hosts of the waves that --limit leaves out."""
        return [host for wave in self.waves for host in self.run.groups[wave] if host not in self.run.within]

    def told(self):
        """Returns what is released of the version, in a line."""
        released = sum(len(self.hosts[wave]) for wave in self.waves)
        left = self.left_out()
        return "%s: %d hosts, from %s to %s%s" % (
            self.name, released, self.first, self.last, "; left out by --limit: " + _words(left) if left else ""
        )

    def again(self):
        """Returns the waves that were touched before. A run may have stopped in them, so that their hosts have new files and were not
        restarted. The same is true of a wave with a host that comes last: it may have left such a wave."""
        if self.run.rollback or self.run.unrecorded and self.run.call["from"]:
            return self.waves
        if not self.run.resumes:
            return []
        touched = self.all[: self.all.index(self.next) + 1] if self.next in self.all else self.all
        joined = set(self.release.get("joined") or [])
        return [wave for wave in self.waves if wave in touched or joined.intersection(self.run.groups[wave])]

    def gives_up(self):
        """Tells whether this run rolls back all that a release under way has released."""
        if not self.run.rollback or not self.release or not self.waves or self.waves[0] != self.all[0] or self.left_out():
            return False
        return self.next not in self.all[self.all.index(self.last) + 1 :]

    def result(self):
        """Returns the map of this version in the result of plan."""
        return {
            "name": self.written,
            "stem": self.stem,
            "release": self.run.call["release"] or self.written,
            "gives_up": self.gives_up(),
        }


def differences(known_, plan_, groups):
    """Returns the groups of waves that Ansible sees otherwise than the policy. What Ansible has read may be older than the
    record: a copy, a cache, or an inventory that has changed since."""
    found = []
    for version in known_["versions"]:
        if version["stem"] not in plan_["all"]:
            continue
        for wave in _unique(list(version["waves"]) + plan_["all"][version["stem"]]):
            if sorted(version["waves"].get(wave, [0])) != sorted(groups.get(wave, [0])):
                found.append(wave)
    return sorted(found)


def _unique(values):
    """Returns the values in order, each once."""
    return [value for i, value in enumerate(values) if value not in values[:i]]
