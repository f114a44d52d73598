from dataclasses import replace

from attnaudit.records import Document
from attnaudit.runs.drawn import in_order_of_drawing


def documents(count):
    return [Document(id=f"d{number}", text="x" * (number + 1)) for number in range(count)]


def order(found, seed=0):
    return [document.id for document in in_order_of_drawing(found, seed=seed)]


def test_the_order_does_not_depend_on_that_in_which_documents_come():
    found = documents(50)
    assert order(found) == order(found[::-1])


def test_another_seed_draws_in_another_order():
    assert order(documents(50)) != order(documents(50), seed=1)


def test_all_are_drawn_once():
    assert sorted(order(documents(50))) == sorted(one.id for one in documents(50))


def test_what_is_drawn_first_of_some_is_drawn_in_the_same_order_of_fewer():
    found = documents(50)
    some = {document.id for document in found[:20]}
    assert [one for one in order(found) if one in some] == order(found[:20])


def clustered(count, *, by):
    return [
        replace(document, cluster=f"author {number % by}")
        for number, document in enumerate(documents(count))
    ]


def test_documents_of_a_cluster_are_drawn_one_after_another():
    found = clustered(60, by=7)
    authors = [document.cluster for document in in_order_of_drawing(found, seed=0)]
    begins = [place for place in range(60) if place == 0 or authors[place] != authors[place - 1]]
    assert len(begins) == 7


def test_how_many_documents_a_cluster_has_does_not_say_when_it_is_drawn():
    one, other = clustered(60, by=7), clustered(14, by=7)
    first, second = (
        list(dict.fromkeys(document.cluster for document in in_order_of_drawing(found, seed=0)))
        for found in (one, other)
    )
    assert first == second


def test_a_document_without_a_cluster_keeps_its_place_among_its_like():
    found = clustered(60, by=7)
    alone = [replace(document, cluster=None) for document in found[:20]]
    mixed = order([*alone, *found[20:]])
    assert [one for one in mixed if one in {document.id for document in alone}] == order(alone)
