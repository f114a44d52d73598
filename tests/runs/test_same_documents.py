from dataclasses import replace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from attnaudit.errors import UsageError
from attnaudit.models import faithful_model
from attnaudit.runs.same_documents import pair_documents


def pair(old, new):
    return pair_documents(old, old.run.models[0], new, new.run.models[0])


@pytest.fixture
def few(planted_documents):
    return planted_documents[:40]


@pytest.fixture
def audit_few(audited, write_claims, claim_text):
    """Audit the faithful model on some documents by one quick claim."""

    def audit(documents, name="new"):
        claims = write_claims(claim_text("order", draws=1))
        return audited(faithful_model(), documents, claims, name=name)

    return audit


@pytest.fixture
def old(audit_few, few):
    return audit_few(few, name="old")


def test_the_same_documents_are_all_paired_without_reading_their_words(old):
    pairs = pair(old, old)
    assert pairs.same_digest
    assert pairs.verified
    assert pairs.ids == tuple(f"d{number}" for number in range(40))
    assert (pairs.only_old, pairs.only_new, pairs.other_words) == (0, 0, 0)


def test_an_id_that_names_other_words_is_no_pair(old, audit_few, few):
    swapped = [replace(few[1], id="d0"), replace(few[0], id="d1"), *few[2:]]
    pairs = pair(old, audit_few(swapped))
    assert pairs.other_words == 2
    assert pairs.ids == tuple(f"d{number}" for number in range(2, 40))


def test_words_that_are_only_split_or_spelled_larger_are_the_same(old, audit_few, few):
    joined = replace(few[0], tokens=tuple("".join(few[0].tokens).upper()))
    pairs = pair(old, audit_few([joined, *few[1:]]))
    assert (pairs.same_digest, pairs.other_words, len(pairs.ids)) == (False, 0, 40)


@pytest.fixture
def with_questions(audit_few, few):
    """A run as if each of the documents, in another order, had been read with a second text."""

    def make(name, question):
        new = audit_few(few if name == "asked" else few[::-1], name=name)
        for part in (new.directory.path / "documents").glob("*.parquet"):
            table = pq.read_table(part)
            texts = pa.array([question(one) for one in table["id"].to_pylist()], pa.string())
            place = table.schema.get_field_index("text2")
            pq.write_table(table.set_column(place, "text2", texts), part)
        return new

    return make


def test_documents_whose_second_texts_differ_are_no_pair(with_questions):
    old = with_questions("asked", lambda one: f"Who is {one}?")
    pairs = pair(old, with_questions("again", lambda one: f"who is  {one} ?"))
    assert (len(pairs.ids), pairs.other_words, pairs.verified) == (40, 0, True)
    new = with_questions("other", lambda one: "Where?" if one == "d3" else f"Who is {one}?")
    pairs = pair(old, new)
    assert (len(pairs.ids), pairs.other_words) == (39, 1)
    assert "d3" not in pairs.ids


def test_without_stored_words_ids_must_do_and_that_is_said(old, audit_few, few):
    new = audit_few(few[::-1])
    for part in (new.directory.path / "documents").glob("*.parquet"):
        table = pq.read_table(part)
        column = table.schema.field("tokens")
        place = table.schema.get_field_index("tokens")
        without = table.set_column(place, column, pa.nulls(len(table), column.type))
        pq.write_table(without, part)
    pairs = pair(old, new)
    assert (len(pairs.ids), pairs.verified) == (40, False)


def test_runs_without_a_common_document_cannot_be_compared(old, audit_few, few):
    others = [replace(one, id=f"other {one.id}") for one in few]
    with pytest.raises(UsageError, match="no id is in both"):
        pair(old, audit_few(others))


def test_runs_whose_ids_are_numbers_of_other_rows_cannot_be_compared(old, audit_few, few):
    shifted = [replace(one, tokens=(*one.tokens, "film")) for one in few]
    with pytest.raises(UsageError, match="40 ids are in both, with other words"):
        pair(old, audit_few(shifted))
