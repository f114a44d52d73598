from dataclasses import replace

import pytest

from attnaudit.errors import PreflightError
from attnaudit.measurements.permutation import permutation
from attnaudit.records import Document
from attnaudit.runs import batches, stream
from attnaudit.runs.stream import write_documents, write_values
from attnaudit.store.directory import create_run_directory


@pytest.fixture
def parts(tmp_path):
    return create_run_directory(tmp_path).measurement("k" * 64)


def measure_with(model):
    return lambda batch: permutation(model, batch, site="attention", draws=5, seed=0)


def written(parts):
    return [row for table in parts.tables() for row in table.to_pylist()]


def measured_documents(parts):
    return [row["document"] for row in written(parts) if row["quantity"] == "tvd"]


def stream_values(parts, model, documents, measure=None, batch_size=2):
    write_values(
        parts,
        model,
        documents,
        measure or measure_with(model),
        batch_size=batch_size,
        advance=lambda _: None,
    )


def test_values_stand_in_the_order_of_the_documents(parts, make_model, documents):
    stream_values(parts, make_model(), documents)
    assert measured_documents(parts) == [one.id for one in documents]


def test_an_interrupted_run_goes_on_at_the_first_missing_part(
    parts, make_model, documents, monkeypatch
):
    monkeypatch.setattr(stream, "DOCUMENTS_PER_PART", 2)
    model, measured = make_model(), []

    def interrupted(batch):
        if "d4" in batch.documents:
            raise KeyboardInterrupt
        return measure_with(model)(batch)

    def counted(batch):
        measured.extend(batch.documents)
        return measure_with(model)(batch)

    with pytest.raises(KeyboardInterrupt):
        stream_values(parts, model, documents, interrupted)
    stream_values(parts, model, documents, counted)
    assert sorted(measured) == ["d4", "d5"]
    assert measured_documents(parts) == [one.id for one in documents]


def test_long_documents_travel_in_smaller_batches(parts, make_model, documents, monkeypatch):
    monkeypatch.setattr(batches, "TOKENS_ON_CPU", 10)
    model, sizes = make_model(), []

    def sized(batch):
        sizes.append(batch.mask.numel())
        return measure_with(model)(batch)

    stream_values(parts, model, documents, sized, batch_size=100)
    assert len(sizes) > 1
    assert max(sizes) <= 10


def test_every_document_is_counted_once_on_the_progress_line(parts, make_model, documents):
    counts = []
    model = make_model()
    write_values(parts, model, documents, measure_with(model), batch_size=4, advance=counts.append)
    write_values(parts, model, documents, measure_with(model), batch_size=4, advance=counts.append)
    assert sum(counts) == 2 * len(documents)


@pytest.fixture
def described(tmp_path):
    """What is stored of documents, by id."""

    def describe(model, documents):
        parts = create_run_directory(tmp_path).documents("k" * 64)
        write_documents(
            parts,
            model,
            documents,
            name="m",
            site="attention",
            store_text=True,
            batch_size=2,
            advance=lambda _: None,
        )
        return {row["id"]: row for row in written(parts)}

    return describe


def test_a_document_that_cannot_be_used_is_stored_with_its_reason(described, make_model):
    documents = [Document(id="good", text="a film"), Document(id="bad", text=" ")]
    good, bad = described(make_model(), documents).values()
    assert good["skipped"] is None
    assert good["tokens"] == ["a", "film"]
    assert "token" in bad["skipped"]
    assert bad["attention"] is None


def test_what_is_cut_before_batches_are_made_of_it_is_stored_as_cut(
    described, make_model, documents, reading_the_beginning
):
    rows = described(reading_the_beginning(make_model(), longest=4), documents)
    lengths = {one.id: len(one.tokens) for one in documents}
    assert {name: row["truncated"] for name, row in rows.items()} == {
        name: length > 4 for name, length in lengths.items()
    }
    assert {name: row["length"] for name, row in rows.items()} == {
        name: min(length, 4) for name, length in lengths.items()
    }
    assert {row["special_mass"] for row in rows.values()} == {0.25}


def test_a_text_is_split_once_and_what_was_cut_or_given_in_words_is_read_as_it_is(
    described, make_model, reading_the_beginning, monkeypatch
):
    documents = [
        Document(id="short", text="a film"),
        Document(id="long", text="the film was never dull"),
        Document(id="words", text="dull", tokens=("the", "film")),
        Document(id="many", tokens=("the", "film", "was", "never", "dull")),
    ]
    model, read = reading_the_beginning(make_model(), longest=4), {}
    prepare = model.prepare

    def watched(some):
        read.update({one.id: one for one in some})
        return prepare(some)

    monkeypatch.setattr(model, "prepare", watched)
    described(model, documents)
    short, *others = documents
    assert read == {
        "short": replace(short, tokens=("a", "film")),
        **{one.id: one for one in others},
    }


def test_of_a_model_that_reads_words_alone_no_special_mass_is_stored(
    described, make_model, documents
):
    rows = described(make_model(), documents).values()
    assert {(row["truncated"], row["special_mass"]) for row in rows} == {(False, None)}


def test_a_special_mass_that_is_no_share_is_not_stored(
    described, make_model, documents, reading_the_beginning
):
    broken = reading_the_beginning(make_model(), longest=99, special_mass=float("nan"))
    with pytest.raises(PreflightError, match="its special_mass is nan"):
        described(broken, documents)
