"""Is the share of right answers that ``--at-least`` promises kept on other pictures, and how many are answered?

    python benchmarks/at_least.py --rows at_least.jsonl

Answers of a head on Lite0's features, by pictures that did not teach it, are dealt anew 200 times: one half chooses the threshold,
the other says what it keeps. A promise counts as kept where the other half is right as often as was asked, with its own luck taken
off: where the share asked lies at or below the upper bound of a one-sided 95% interval it cannot be told to be broken, which is
shown beside. A threshold by its own share of right answers stands beside it. Rows that stand in the file are not made again.
"""

import argparse
import json
import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from olhar.base.progress import Quiet
from olhar.bodies.features import compute, picture_contract
from olhar.bodies.heads.learning import learn_head
from olhar.bodies.opened import published_body
from olhar.data.sources import read
from olhar.evaluation.abstention import choose_threshold
from olhar.evaluation.intervals import wilson

DATA = Path(os.environ.get("OLHAR_TEST_DATA", Path(__file__).parents[2] / "shared" / "data"))
SETS = {"cats-dogs": ("cats-dogs.zip", 400), "CIFAR-10": ("cifar10.zip", 1000), "trash": ("few/trash.zip", 240)}
ASKED = (0.99, 0.95, 0.9)
DRAWS, MOST = 200, 6000
