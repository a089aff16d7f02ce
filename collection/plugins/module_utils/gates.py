# Copyright: the developers of regal-inventory
# SPDX-License-Identifier: MIT

"""Gates: what must hold before the next wave, as the variables of a run say."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import json
import os
import re

# The variables, without regal_.
NAMES = ("check", "check_timeout", "recheck", "soak", "confirm", "window", "max_failed", "notify")

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

# How long hosts are given to become well, where nothing is said.
CHECK_TIMEOUT = 300


def read(call, wave_of, waves):
    """Returns the gates of a run as its tasks need them. The first that is wrong is a ValueError.

    call has the variables, without regal_ before their names; under deploys whether the run releases anything; under folders where files
    are looked for. wave_of returns the groups of the waves that a word names. waves are the groups of the waves that are released.
    """
    check = _tasks("regal_check", call["check"], call["folders"])
    recheck = check != {} and _switch("regal_recheck", call["recheck"], True)
    if recheck:
        _look_for_host(check)
    return {
        "deploy": _deploy(call) if call["deploys"] else {},
        "check": check,
        "timeout": seconds("regal_check_timeout", call["check_timeout"]) if call["check_timeout"] else CHECK_TIMEOUT,
        "recheck": recheck,
        "soak": _soak(call["soak"], wave_of, waves),
        "confirm": _confirm(call["confirm"], wave_of, waves),
        "window": [_window(text) and text for text in _list("regal_window", call["window"])],
        "max_failed": _count("regal_max_failed", call["max_failed"]),
        "notify": _file("regal_notify", call["notify"], call["folders"]),
    }


def _deploy(call):
    """Returns the file or the role that releases the version to a host."""
    if call["deploy"]:
        return _tasks("regal_deploy", call["deploy"], call["folders"])
    for folder in call["folders"]:
        path = os.path.join(folder, "deploy.yml")
        if os.path.isfile(path):
            return {"file": path}
    raise ValueError(
        "Say what releases the version to a host: -e regal_deploy=FILE, a file of tasks, or the name of a role; without it "
        "deploy.yml is looked for in " + " and ".join(call["folders"])
    )


def _tasks(name, value, folders):
    """Returns the file or the role that a variable names: {"file": PATH}, {"role": NAME}, or an empty map for an empty variable."""
    if value in ("", None):
        return {}
    if not isinstance(value, str):
        raise ValueError("%s is a file of tasks, or the name of a role" % name)
    if value.endswith((".yml", ".yaml")):
        return {"file": _file(name, value, folders)}
    for folder in folders:
        path = os.path.join(folder, "roles", value)
        if os.path.isdir(path):
            return {"role": path}
    return {"role": value}


def _file(name, value, folders):
    """Returns the path of the file that a variable names, in the first of the folders that has it."""
    if value in ("", None):
        return ""
    for folder in folders:
        path = os.path.join(folder, str(value))
        if os.path.isfile(path):
            return path
    raise ValueError("%s: there is no file %s in %s" % (name, value, " or ".join(folders)))


def _look_for_host(check):
    """Refuses a check that has inventory_hostname: hosts of earlier waves are checked by hosts of later ones, and are regal_host then."""
    files = [check["file"]] if "file" in check else []
    tasks = os.path.join(check.get("role", ""), "tasks")
    if os.path.isabs(tasks) and os.path.isdir(tasks):
        files = [os.path.join(tasks, name) for name in sorted(os.listdir(tasks)) if name.endswith((".yml", ".yaml"))]
    for file in files:
        with open(file, "rb") as opened:
            text = opened.read().decode("utf-8", "replace")
        if re.search(r"\binventory_hostname\b", re.sub(r"(?m)(^|\s)#.*$", "", text)):
            raise ValueError(
                "%s has inventory_hostname, and hosts of earlier waves are checked again by those of the wave that is next: write "
                "regal_host, or say -e regal_recheck=false" % file
            )


def seconds(name, value):
    """Returns the seconds of a time, which is written 30m, 1h30m, 90s, or as a number of seconds."""
    text = str(value).strip()
    match = re.match(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s?)?\Z", text)
    if isinstance(value, bool) or not text or not match:
        raise ValueError("%s: %s is no time: write 30m, 1h30m or 90s" % (name, text))
    days, hours, minutes, rest = (int(part or 0) for part in match.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60 + rest


def duration(number):
    """Returns a number of seconds as seconds reads it: 1h30m."""
    parts = []
    for size, word in ((86400, "d"), (3600, "h"), (60, "m"), (1, "s")):
        if number >= size:
            parts.append("%d%s" % (number // size, word))
            number %= size
    return "".join(parts) or "0s"


def _soak(value, wave_of, waves):
    """Returns the seconds that a wave is given to show faults, for each wave that has some."""
    if value in ("", None):
        return {}
    if isinstance(value, str) and value.lstrip().startswith("{"):
        try:
            value = json.loads(value)
        except ValueError:
            raise ValueError("regal_soak: %s is no map: write {\"canary\": \"30m\", \"default\": \"5m\"}" % value)
    if not isinstance(value, dict):
        value = {"default": value}
    default = seconds("regal_soak", value.get("default", 0))
    times = dict((wave, default) for wave in waves)
    for word, time in value.items():
        if word != "default":
            for wave in _waves("regal_soak", word, wave_of):
                times[wave] = seconds("regal_soak", time)
    return dict((wave, times[wave]) for wave in waves if times[wave])


def _confirm(value, wave_of, waves):
    """Returns the waves after which a person is asked, in the order of their release."""
    named = [wave for word in _list("regal_confirm", value) for wave in _waves("regal_confirm", word, wave_of)]
    return [wave for wave in waves if wave in named]


def _waves(name, word, wave_of):
    """Returns the groups of the waves that a word of a variable names."""
    found = wave_of(str(word))
    if not found:
        raise ValueError("%s: there is no wave %s" % (name, word))
    return found


def _list(name, value):
    """Returns the value of a variable that is a list: of Ansible, in JSON, or a text with commas. A window is one text, for it may have
    commas itself."""
    if value in ("", None):
        return []
    if isinstance(value, str) and value.lstrip().startswith("["):
        try:
            value = json.loads(value)
        except ValueError:
            raise ValueError("%s: %s is no list" % (name, value))
    if isinstance(value, str):
        return [value] if name == "regal_window" else [word.strip() for word in value.split(",") if word.strip()]
    if not isinstance(value, (list, tuple)):
        raise ValueError("%s is a list" % name)
    return list(value)


def _count(name, value):
    """Returns the number of hosts that a variable says; 0 for an empty one."""
    if value in ("", None):
        return 0
    if not re.match(r"[0-9]+\Z", str(value)):
        raise ValueError("%s: %s is no number of hosts" % (name, value))
    return int(value)


def _switch(name, value, default):
    """Returns whether a variable says yes; the default for an empty one."""
    if value in ("", None):
        return default
    text = str(value).lower()
    if text not in ("yes", "true", "no", "false"):
        raise ValueError("%s: %s is neither true nor false" % (name, value))
    return text in ("yes", "true")


def _window(text):
    """Returns the days, and the minutes of the day, of a window such as Mon-Fri 09:00-16:00; the days may be left out."""
    match = re.match(r"\s*(?:(\S+)\s+)?([0-9]{1,2}):([0-9]{2})\s*-\s*([0-9]{1,2}):([0-9]{2})\s*\Z", str(text))
    wrong = ValueError("regal_window: %s is no window: write Mon-Fri 09:00-16:00" % text)
    if not match:
        raise wrong
    begin = int(match.group(2)) * 60 + int(match.group(3))
    end = int(match.group(4)) * 60 + int(match.group(5))
    if begin >= 24 * 60 or end > 24 * 60 or begin == end or int(match.group(3)) > 59 or int(match.group(5)) > 59:
        raise wrong
    days = set()
    for part in (match.group(1) or "Mon-Sun").split(","):
        ends = part.split("-")
        if len(ends) > 2 or any(day not in DAYS for day in ends):
            raise wrong
        first, last = DAYS.index(ends[0]), DAYS.index(ends[-1])
        days.update((first + i) % 7 for i in range((last - first) % 7 + 1))
    return days, begin, end


def closed(windows, now):
    """Returns why no wave may begin now, a time of the control node; nothing if one may.

    A window that goes past midnight belongs to the day on which it began.
    """
    minute = now.hour * 60 + now.minute
    for text in windows:
        days, begin, end = _window(text)
        day, yesterday = now.weekday(), (now.weekday() - 1) % 7
        if begin < end and day in days and begin <= minute < end:
            return ""
        if begin > end and (day in days and minute >= begin or yesterday in days and minute < end):
            return ""
    if not windows:
        return ""
    return "it is %s %02d:%02d, and no wave begins outside of %s" % (DAYS[now.weekday()], now.hour, now.minute, ", ".join(windows))


def steps(number):
    """Returns the pauses that a number of seconds is cut into, so that the output shows how much of it is over; told says that of each."""
    step = max(1, min(60, number // 10))
    ends = list(range(step, number, step)) + [number]
    return [
        {"seconds": end - before, "told": "%s of %s" % (duration(end), duration(number))}
        for before, end in zip([0] + ends[:-1], ends)
    ]
