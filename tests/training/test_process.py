import subprocess
import sys

import pytest
import torch

from olhar.training.process import training_process

glibc = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has glibc's allocator")

TAKEN = """
import resource, torch
from contextlib import nullcontext
from olhar.training.process import training_process

def faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt

def resident():
    return int(open("/proc/self/statm").read().split()[1]) * resource.getpagesize()

def step():
    one = torch.ones(40 << 20, dtype=torch.uint8)
    other = torch.ones(40 << 20, dtype=torch.uint8)

with {where}:
    for _ in range(20):
        step()
    before = faults()
    for _ in range(5):
        step()
    print(faults() - before)
    held = resident()
print(held - resident())
"""


def taken(where: str) -> tuple[int, int]:
    """Page faults of five steps of 80 MB, and the bytes that go back to the system afterwards."""
    done = subprocess.run([sys.executable, "-c", TAKEN.format(where=where)], capture_output=True, text=True, check=True)
    faults, back = map(int, done.stdout.split())
    return faults, back


@glibc
def test_a_training_reuses_its_memory_and_gives_it_back_at_the_end():
    faults, back = taken("training_process()")
    assert faults < 1_000
    assert back > 70e6


@glibc
def test_without_it_each_step_asks_the_system_anew():
    assert taken("nullcontext()")[0] > 10_000


def test_the_number_of_threads_is_put_back():
    before = torch.get_num_threads()
    with training_process():
        torch.set_num_threads(before + 1)
    assert torch.get_num_threads() == before
