"""Print how many seconds Ansible takes to load what we print, in the shape that we print and in others: shapes.py PRINTED

PRINTED is the output of regal-inventory --list. A line for each shape: its name, a tab, the least of several loadings,
which take turns. What Ansible does once for every host and group, however they came to it (variable plugins), is left out.
The last shapes lack something that an inventory has, to show what that costs.
"""
import json
import os
import sys
import tempfile
import time

os.environ["ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED"] = "1"
import ansible.inventory.manager as manager  # noqa: E402
from ansible.parsing.dataloader import DataLoader  # noqa: E402

RUNS = 15

printed = json.load(open(sys.argv[1]))
meta = {"_meta": printed.pop("_meta")}
leaves = {name: group for name, group in printed.items() if "children" not in group}
parents = {name: group for name, group in printed.items() if "children" in group}
waves = {name: group for name, group in printed.items() if name.startswith("app_")}
others = {name: group for name, group in printed.items() if name not in waves}
shapes = {
    "as printed": {**meta, **printed},
    "_meta last": {**printed, **meta},
    "waves before the source's groups": {**meta, **waves, **others},
    "groups before their parents": {**meta, **leaves, **parents},
    "parents before their groups": {**meta, **parents, **leaves},
    "without waves": {**meta, **others},
    "without host variables": {"_meta": {"hostvars": {}}, **printed},
}

manager.get_vars_from_inventory_sources = lambda *ignored: {}
with tempfile.TemporaryDirectory() as folder:
    programs = {}
    for number, (name, shape) in enumerate(shapes.items()):
        text, program = (os.path.join(folder, str(number) + end) for end in (".json", ""))
        with open(text, "w") as to:
            json.dump(shape, to, separators=(",", ":"))
        with open(program, "w") as to:
            to.write(f"#!/bin/sh\nexec cat {text}\n")
        os.chmod(program, 0o700)
        programs[name] = program
    least = dict.fromkeys(programs, float("inf"))
    for run in range(RUNS):
        for name, program in programs.items():
            start = time.perf_counter()
            loaded = manager.InventoryManager(loader=DataLoader(), sources=[program])
            least[name] = min(least[name], time.perf_counter() - start)
            assert loaded.hosts, "no hosts"
for name, seconds in least.items():
    print(f"{name}\t{seconds:.4f}")
