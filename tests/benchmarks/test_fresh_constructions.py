"""The default thresholds against further constructions of known truth."""

import importlib.util
import statistics
from pathlib import Path

import numpy as np
import pytest

from attnaudit.claims import default_claims
from attnaudit.runs.measure import measurement_of

PATH = Path(__file__).parents[2] / "benchmarks" / "fresh_constructions.py"
DOCUMENTS = 60


def fresh():
    spec = importlib.util.spec_from_file_location("fresh_constructions", PATH)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return (*module.FRESH, *module.HELD_OUT)


def mean_of(claim, construction):
    model = construction.model()
    documents = construction.documents(DOCUMENTS, np.random.default_rng(5))
    long = [one for one in documents if len(one.tokens) >= claim.min_tokens]
    if not long:
        return None
    measure = measurement_of(claim, model, site="attention", seed=0)
    return statistics.fmean(
        row.value for row in measure(model.prepare(long)) if row.quantity == claim.quantity
    )


@pytest.mark.parametrize("name", ["top-position-is-special", "inverting-weakens-the-decision"])
@pytest.mark.parametrize("construction", fresh(), ids=lambda one: one.name.replace(" ", "-"))
def test_the_threshold_of_a_default_claim_tells_special_positions_from_others(construction, name):
    [claim] = [one for one in default_claims().claims if one.id == name]
    found = mean_of(claim, construction)
    if found is None:
        # All its documents are shorter than the claim is about.
        assert construction.name.startswith("short")
        return
    holds = found >= claim.threshold
    if claim.direction == "at_most":
        holds = found <= claim.threshold
    assert holds == (construction.truth != "not special")
