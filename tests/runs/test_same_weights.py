import math
import shutil

import numpy as np
import pytest

from attnaudit.claims import default_claims
from attnaudit.errors import InternalError
from attnaudit.records import Bound, Measurement
from attnaudit.runs.same_weights import instrument_differences, settle_same_weights
from attnaudit.runs.stored import open_run
from attnaudit.store.directory import KEY_LENGTH
from attnaudit.verdicts.change import Change, ChangeRow


def measured(values):
    count = len(values)
    return Measurement(
        audit="permutation",
        quantity="tvd",
        low=0.0,
        high=1.0,
        documents=tuple(f"d{number}" for number in range(count)),
        value=np.array(values),
        lower=np.array(values),
        upper=np.array(values),
        undefined=tuple("cause" if math.isnan(one) else None for one in values),
        lengths=np.full(count, 9),
        confidence=np.full(count, 0.8),
        kind=Bound.EXACT,
    )


def row(change):
    return ChangeRow(
        group="overall",
        change=change,
        old=0.1,
        new=0.1,
        low=-0.1,
        high=0.1,
        n=2,
        moved=0,
        reason="few documents",
    )


def settle(old, new, *, change=Change.INCONCLUSIVE, dtype="float64", differences=()):
    return settle_same_weights(
        [row(change)],
        measured(old),
        measured(new),
        differences=differences,
        model="m",
        dtype=dtype,
    )


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("shift", [0.0, 1e-9])
def test_equal_values_settle_what_documents_left_open(dtype, shift):
    [settled], reason = settle([0.1, math.nan], [0.1 + shift, math.nan], dtype=dtype)
    assert (settled.change, settled.reason) == (Change.UNCHANGED, None)
    assert (settled.low, settled.high) == (0, 0)
    assert ("to the last bit" in reason) == (shift == 0)


@pytest.mark.parametrize("new", [[0.1, 0.3], [0.1, math.nan]])
def test_other_values_in_double_precision_are_an_error_of_the_tool(new):
    with pytest.raises(InternalError, match="permutation / tvd of m differs"):
        settle([0.1, 0.2], new)


def test_single_precision_may_round_a_word_over_a_limit():
    [settled], reason = settle([0.1, 0.2], [0.1, 0.25], dtype="float32")
    assert settled == row(Change.INCONCLUSIVE)
    assert "single precision" in reason


@pytest.mark.parametrize("change", [Change.IMPROVED, Change.WORSE])
def test_no_outcome_may_follow_from_rounding(change):
    with pytest.raises(InternalError, match="error of the tool"):
        settle([0.1, 0.2], [0.1, 0.25], change=change, dtype="float32")


@pytest.mark.parametrize("change", [Change.INCONCLUSIVE, Change.UNCHANGED])
def test_values_measured_in_another_way_may_differ(change):
    options = {"change": change, "differences": ["seed 0, now 1"]}
    [settled], reason = settle([0.1, 0.2], [0.1, 0.3], **options)
    assert settled == row(change)
    assert reason == "the same weights, measured in another way: seed 0, now 1"


@pytest.mark.parametrize("change", [Change.IMPROVED, Change.WORSE])
def test_another_way_of_measuring_makes_no_weights_better_or_worse(change):
    options = {"change": change, "differences": ["seed 0, now 1"]}
    [settled], _ = settle([0.1, 0.2], [0.1, 0.3], **options)
    assert settled.change is Change.INCONCLUSIVE
    assert settled.reason == "weights that are the same are not better or worse"
    assert (settled.low, settled.high) == (row(change).low, row(change).high)


def test_equal_values_are_unchanged_however_they_were_measured():
    [settled], _ = settle([0.1, 0.2], [0.1, 0.2], differences=["another set of documents"])
    assert settled.change is Change.UNCHANGED


CLAIM = default_claims().claims[0]


def differences(old, new):
    return instrument_differences(CLAIM, old, old.run.models[0], new, new.run.models[0])


@pytest.fixture
def under_another_key(faithful_run, changed, tmp_path):
    """The same run with every measurement under another key, and another run.json."""
    path = tmp_path / "moved"
    shutil.copytree(faithful_run.directory.path, path)
    for folder in (path / "measurements").iterdir():
        folder.rename(folder.with_name(folder.name[::-1]))
    [entry] = faithful_run.run.models
    keys = {label: key[:KEY_LENGTH][::-1] for label, key in entry.measurements.items()}
    return lambda *, entry, **fields: changed(
        open_run(path), entry={"measurements": keys} | entry, **fields
    )


def test_measurements_under_one_key_were_made_in_the_same_way(faithful_run):
    assert differences(faithful_run, faithful_run) == ()


def test_every_difference_of_the_instrument_is_named(faithful_run, under_another_key):
    run = faithful_run.run
    [entry] = run.models
    other = under_another_key(
        entry={
            "dtype": "float32",
            "device": "cuda:0",
            "documents": entry.documents.model_copy(update={"digest": "0"}),
        },
        settings=run.settings.model_copy(update={"seed": 3, "first_block": 50}),
        versions=run.versions | {"attnaudit": "9"},
    )
    assert differences(faithful_run, other) == (
        "seed 0, now 3",
        "device cpu, now cuda:0",
        "precision float64, now float32",
        f"attnaudit {run.versions['attnaudit']}, now 9",
        "documents before the first look None, now 50",
        "another set of documents",
    )


def test_another_order_of_drawing_is_named_and_no_revision_is_supposed(
    faithful_run, under_another_key
):
    in_blocks = faithful_run.run.settings.model_copy(update={"first_block": 50})
    other = under_another_key(entry={}, settings=in_blocks)
    assert differences(faithful_run, other) == ("documents before the first look None, now 50",)


def test_another_key_without_a_difference_that_can_be_named_is_another_revision(
    faithful_run, under_another_key
):
    assert differences(faithful_run, under_another_key(entry={})) == (
        "another revision of the measurement",
    )
