"""What every test and audit of this repository shares."""

import torch

pytest_plugins = ["pytester"]

# Two threads on two busy cores are slower than one, and one makes sums reproducible.
torch.set_num_threads(1)
