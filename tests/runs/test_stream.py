import pytest

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


def test_a_document_that_cannot_be_used_is_stored_with_its_reason(tmp_path, make_model):
    parts = create_run_directory(tmp_path).documents("k" * 64)
    documents = [Document(id="good", text="a film"), Document(id="bad", text=" ")]
    write_documents(
        parts,
        make_model(),
        documents,
        name="m",
        site="attention",
        store_text=True,
        batch_size=2,
        advance=lambda _: None,
    )
    good, bad = written(parts)
    assert good["skipped"] is None
    assert good["tokens"] == ["a", "film"]
    assert "token" in bad["skipped"]
    assert bad["attention"] is None
