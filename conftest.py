"""What every test and audit of this repository shares."""

import os

pytest_plugins = ["pytester"]

# Two threads on two busy cores are slower than one, and one makes sums reproducible. Torch reads
# this when it is first imported, which is later than here.
os.environ.setdefault("OMP_NUM_THREADS", "1")
