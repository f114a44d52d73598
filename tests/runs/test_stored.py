import shutil

import numpy as np
import pyarrow.parquet as pq
import pytest

from attnaudit.claims import default_claims
from attnaudit.errors import UsageError
from attnaudit.runs.stored import missing_measurement, open_run


def claim(name):
    return next(one for one in default_claims().claims if one.id == name)


def test_every_claim_of_a_run_finds_the_values_that_are_stored_for_it(faithful_run):
    [entry] = faithful_run.run.models
    estimates = {row.id: row.estimate for row in faithful_run.run.claims if row.group == "overall"}
    for one in default_claims().claims:
        measurement = faithful_run.measurement(entry, one)
        kept = measurement.lengths >= one.min_tokens
        assert measurement.quantity == one.quantity
        assert np.mean(measurement.value[kept]) == pytest.approx(estimates[one.id], abs=1e-12)


def test_a_measurement_with_other_parameters_is_not_the_one_asked_for(faithful_run):
    [entry] = faithful_run.run.models
    other = claim("order-matters").model_copy(update={"draws": 99})
    assert faithful_run.measurement(entry, other) is None
    assert missing_measurement(entry, other) == (
        "permutation (tvd, draws 99) of model at attention, which claim order-matters is about"
    )


def test_a_quantity_that_was_not_stored_is_not_measured(faithful_run, tmp_path):
    shutil.copytree(faithful_run.directory.path, tmp_path / "run")
    stored = open_run(tmp_path / "run")
    [entry] = stored.run.models
    asked = claim("no-distant-equivalent")
    for part in (tmp_path / "run" / "measurements").glob("*/part-*.parquet"):
        table = pq.read_table(part)
        keep = [name != asked.quantity for name in table["quantity"].to_pylist()]
        pq.write_table(table.filter(keep), part)
    assert stored.measurement(entry, asked) is None
    assert stored.measurement(entry, asked.model_copy(update={"quantity": "divergence"}))


@pytest.mark.parametrize("folder", ["measurements", "documents"])
def test_a_run_directory_that_was_not_copied_whole_is_refused_by_file(
    faithful_run, tmp_path, folder
):
    shutil.copytree(faithful_run.directory.path, tmp_path / "run")
    shutil.rmtree(tmp_path / "run" / folder)
    stored = open_run(tmp_path / "run")
    with pytest.raises(UsageError, match=rf"lacks the file {folder}/\S+\.json"):
        stored.measurement(stored.run.models[0], claim("order-matters"))


@pytest.mark.parametrize(("limit", "population"), [(50, None), (50, 400), (None, None)])
def test_a_sample_of_an_unknown_number_does_not_stand_for_these_documents(
    faithful_run, changed, limit, population
):
    [entry] = faithful_run.run.models
    settings = faithful_run.run.settings.model_copy(update={"limit": limit})
    documents = entry.documents.model_copy(update={"population": population})
    stored = changed(faithful_run, entry={"documents": documents}, settings=settings)
    [entry] = stored.run.models
    here = claim("order-matters").model_copy(update={"target": "these documents"})
    if limit is not None and population is None:
        with pytest.raises(UsageError, match="does not say how many documents"):
            stored.measurement(entry, here)
        assert stored.measurement(entry, claim("order-matters")).draw.population == 120
    else:
        assert stored.measurement(entry, here).draw.population == (population or 120)


def test_a_measurement_knows_what_the_model_can_predict(faithful_run):
    [entry] = faithful_run.run.models
    assert faithful_run.measurement(entry, claim("order-matters")).classes == entry.classes


def test_a_folder_without_a_run_is_refused(tmp_path):
    with pytest.raises(UsageError, match=r"run\.json cannot be read"):
        open_run(tmp_path)
