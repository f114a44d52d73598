"""Trained models and real documents for the benchmarks, made where they are missing."""

import os
from functools import partial
from importlib import metadata
from pathlib import Path

import pytest
import torch

from attnaudit.training.options import TrainingOptions

os.environ.setdefault("OMP_NUM_THREADS", "1")
ROOT = Path(__file__).parents[1]
SST = ROOT.parent / "shared" / "data" / "sst" / "sst_dataset.csv.gz"
AG_NEWS = ROOT.parent / "shared" / "data" / "ag_news" / "test.csv.gz"
RECIPES = {
    "agnews": partial(TrainingOptions, data=f"ag-news:{AG_NEWS}"),
    "20news-sports": partial(TrainingOptions, data="20news-sports"),
    "sst": partial(TrainingOptions, data=str(SST), min_tokens=6, min_document_frequency=1),
}
FILES = {"agnews": AG_NEWS, "sst": SST}


def pytest_addoption(parser):
    parser.addoption("--device", default="cpu", help="where both sides of a benchmark run")


def pytest_benchmark_update_machine_info(config, machine_info):
    """What a stored figure has to be read with; nobody needs the name of a computer."""
    del machine_info["node"]
    device = config.getoption("--device")
    machine_info["versions"] = {one: metadata.version(one) for one in ("torch", "numpy", "scipy")}
    machine_info["device"] = torch.cuda.get_device_name() if device == "cuda" else device


@pytest.fixture(scope="session")
def device(request):
    """Where both sides run."""
    return request.config.getoption("--device")


@pytest.fixture(scope="session")
def trained():
    """Directory of a model with additive attention on a data set; trained at the first use."""

    def directory(name, encoder="bilstm"):
        kind = "" if encoder == "bilstm" else f"-{encoder}"
        out = ROOT / "runs" / f"benchmark-{name}{kind}"
        if (out / "audit.toml").exists():
            return out
        needed = FILES.get(name, ROOT)
        if not needed.exists():
            pytest.skip(f"needs the published file {needed}, or a model in {out}")
        from attnaudit.training import train

        train(RECIPES[name](encoder=encoder, attention="additive"), out)
        return out

    return directory
