import pytest

from attnaudit.records import DocumentRow, ValueRow
from attnaudit.store.common import common_documents
from attnaudit.store.directory import create_run_directory
from attnaudit.store.first import Look, looks_entry
from attnaudit.store.how_read import SpecialMass
from attnaudit.store.run import DocumentsEntry, ModelEntry, Run, Settings

SKIPPED = "it has no token"


def described(name, **changes):
    fields = {"tokens": None, "label": None, "predicted": "yes", "probabilities": (0.5, 0.5)}
    return DocumentRow(id=name, **(fields | {"attention": (1.0,), "length": 1} | changes))


@pytest.fixture
def directory(tmp_path):
    """Three parts of two documents each; one of two measurements ended after the first two."""
    directory = create_run_directory(tmp_path)
    documents = directory.documents("d" * 64)
    rows = [
        [described("a", truncated=True, special_mass=0.25), described("b", skipped=SKIPPED)],
        [described("c", special_mass=0.75), described("e", truncated=True, special_mass=0.5)],
        [described("f", truncated=True, special_mass=1.0), described("g", skipped=SKIPPED)],
    ]
    for index, part in enumerate(rows):
        documents.write(index, part, model="m", site="s")
    looks = tuple(Look(drawn=2 * number, parts=number) for number in (1, 2, 3))
    documents.finish(looks_entry(looks))
    for key, last in (("1", 2), ("2", 3)):
        values = directory.measurement(key * 64)
        for index, part in enumerate(rows[:last]):
            names = [one.id for one in part if one.skipped is None]
            numbers = {"value": 0.0, "lower": 0.0, "upper": 0.0}
            values.write(index, [ValueRow(document=n, quantity="tvd", **numbers) for n in names])
        values.finish(looks_entry(looks[:last]))
    return directory


@pytest.fixture
def run():
    entry = ModelEntry(
        name="m",
        source="m",
        site="s",
        digest="d",
        classes=("no", "yes"),
        device="cpu",
        dtype="float64",
        documents=DocumentsEntry(
            source="s", digest="d", n=6, skipped={"b": SKIPPED, "g": SKIPPED}, truncated=3
        ),
        special_mass=SpecialMass(mean=0.625, least=0.25, most=1.0),
        documents_key="d" * 64,
        measurements={"first": "1" * 64, "second": "2" * 64},
        claims_source="s",
        claims_digest="d",
    )
    settings = Settings(
        seed=0, claims_counted=2, level=0.1, limit=None, inconclusive="fail", first_block=2
    )
    return Run(schema=1, claims=(), models=(entry,), settings=settings, versions={}, performance={})


def test_what_is_told_of_documents_is_of_those_that_every_measurement_has(run, directory):
    common, seen = common_documents(run, directory)
    [entry] = common.models
    assert entry.documents.n == sum(len(one) for one in seen.documents("d" * 64).tables()) == 4
    assert entry.documents.skipped == {"b": SKIPPED}
    assert entry.documents.truncated == 2
    assert entry.special_mass == SpecialMass(mean=0.5, least=0.25, most=0.75)


def test_a_run_that_drew_all_at_once_is_left_as_it_is(run, directory):
    at_once = run.model_copy(
        update={"settings": run.settings.model_copy(update={"first_block": None})}
    )
    assert common_documents(at_once, directory) == (at_once, directory)
