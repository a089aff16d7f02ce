"""Print how many seconds Ansible takes to load an inventory source, itself already started: load.py SOURCE"""
import os
import sys
import time

os.environ["ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED"] = "1"
from ansible.inventory.manager import InventoryManager  # noqa: E402
from ansible.parsing.dataloader import DataLoader  # noqa: E402

start = time.perf_counter()
manager = InventoryManager(loader=DataLoader(), sources=[sys.argv[1]])
seconds = time.perf_counter() - start
assert manager.hosts, "no hosts"
print(seconds)
