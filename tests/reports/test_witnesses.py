import random
import weakref

import pyarrow.parquet as pq
import pytest

from attnaudit.errors import InternalError
from attnaudit.records import Bound
from attnaudit.reports.witnesses import farthest_witnesses


def names(stored, *, most):
    found = farthest_witnesses(stored.values, stored.documents, most=most)
    return [witness.document for witness in found]


def test_the_largest_divergences_of_all_parts_come_first(stored, make_document):
    draw = random.Random(0)  # noqa: S311
    divergences = {f"d{number}": draw.choice([0.1, 0.2, 0.3, 0.4]) for number in range(40)}
    every = [make_document(name, value) for name, value in divergences.items()]
    for start in range(0, 40, 7):
        stored.add(*every[start : start + 7])
    expected = sorted(divergences, key=lambda name: (-divergences[name], name))
    for most in (1, 3, 15):
        assert names(stored, most=most) == expected[:most]


def test_ties_are_in_the_order_of_ids_whatever_order_they_were_stored_in(stored, make_document):
    stored.add(make_document("c", 0.5), make_document("b", 0.5))
    stored.add(make_document("a", 0.5))
    assert names(stored, most=2) == ["a", "b"]


def test_a_document_without_another_attention_is_not_shown(stored, make_document):
    stored.add(make_document("a", 0.0), make_document("b", 0.1))
    assert names(stored, most=3) == ["b"]


def test_a_witness_stands_beside_what_the_model_says_of_its_document(stored, make_document):
    stored.add(
        make_document(
            "a",
            0.3,
            upper=0.4,
            kind=Bound.INTERVAL,
            predicted="negative",
            probabilities=(0.7, 0.2, 0.1),
            after=(0.6, 0.1, 0.3),
        )
    )
    [witness] = farthest_witnesses(stored.values, stored.documents, most=3)
    assert witness.tokens == ("the", "film", "was", "great")
    assert witness.original == (0.1, 0.2, 0.1, 0.6)
    assert witness.found == (0.9, 0.0, 0.1, 0.0)
    assert (witness.predicted, witness.probability) == ("negative", 0.7)
    assert witness.probability_found == 0.6
    assert (witness.lower, witness.upper, witness.kind) == (0.3, 0.4, Bound.INTERVAL)


def test_a_part_is_let_go_before_the_one_after_the_next_is_read(stored, make_document, monkeypatch):
    for number in range(5):
        stored.add(make_document(f"d{number}", 0.1 + number / 10))
    read, before, most_held = pq.read_table, [], []

    def watched(path, **options):
        most_held.append(sum(1 for table in before if table() is not None))
        table = read(path, **options)
        before.append(weakref.ref(table))
        return table

    monkeypatch.setattr(pq, "read_table", watched)
    assert names(stored, most=1) == ["d4"]
    assert len(most_held) == 10
    assert max(most_held) <= 1


def test_a_witness_of_another_length_than_its_document_is_refused(stored, make_document):
    stored.add(make_document("a", 0.3, found=(1.0,)))
    with pytest.raises(InternalError, match="'a' does not match the stored document"):
        names(stored, most=3)


def test_a_witness_of_an_unknown_document_is_refused(stored, make_document):
    stored.add(make_document("a", 0.3))
    stored.values.write(1, make_document("b", 0.4)["values"])
    with pytest.raises(InternalError, match="'b' does not match the stored document"):
        names(stored, most=3)
