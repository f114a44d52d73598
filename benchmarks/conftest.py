"""Trained models and real documents for the benchmarks, made where they are missing."""

import os
from pathlib import Path

import pytest

os.environ.setdefault("OMP_NUM_THREADS", "1")
ROOT = Path(__file__).parents[1]
SST = ROOT.parent / "shared" / "data" / "sst" / "sst_dataset.csv.gz"
RECIPES = {
    "20news-sports": {"data": "20news-sports"},
    "sst": {"data": str(SST), "min_tokens": 6, "min_document_frequency": 1},
}


@pytest.fixture(scope="session")
def trained():
    """Directory of a model with additive attention on a data set; trained at the first use."""

    def directory(name, encoder="bilstm"):
        if name == "sst" and not SST.exists():
            pytest.skip(f"needs the published SST csv at {SST}")
        from attnaudit.training import TrainingOptions, train

        kind = "" if encoder == "bilstm" else f"-{encoder}"
        out = ROOT / "runs" / f"benchmark-{name}{kind}"
        train(TrainingOptions(encoder=encoder, attention="additive", **RECIPES[name]), out)
        return out

    return directory
