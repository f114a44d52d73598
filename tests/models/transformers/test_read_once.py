"""What is stored of a document is about what the model reads of it, however it is batched."""

import random
from dataclasses import replace

import pytest
import torch

from attnaudit.records import Document
from attnaudit.runs.stream import write_documents
from attnaudit.store.directory import create_run_directory

from .conftest import WORDS

SITE = "layer.last"


def some_text(draw, words):
    # Of several pieces each, and with spaces that no list of words has.
    return "  ".join(draw.choice([*WORDS, "zebra", "never,quite"]) for _ in range(words))


@pytest.fixture
def documents():
    """Texts, words or both, beside second texts or not; some do not fit into sixteen pieces."""
    draw = random.Random(0)  # noqa: S311 - no secret
    made = []
    for number in range(60):
        words = tuple(some_text(draw, draw.randint(1, 2)) for _ in range(draw.randint(1, 9)))
        given = {
            "text": {"text": some_text(draw, draw.randint(1, 14))},
            "words": {"tokens": words},
            "both": {"text": some_text(draw, draw.randint(1, 14)), "tokens": words},
        }[("text", "words", "both")[number % 3]]
        second = some_text(draw, draw.randint(1, 14)) if number % 2 else None
        made.append(Document(id=f"d{number}", text2=second, **given))
    return made


@pytest.fixture
def model(load):
    return load("bert", tokenizer={"model_max_length": 16})


@pytest.fixture
def stored(model, tmp_path):
    def store(documents, *, batch_size):
        parts = create_run_directory(tmp_path).documents(f"{batch_size}" * 64)
        write_documents(
            parts,
            model,
            documents,
            name="m",
            site=SITE,
            store_text=True,
            batch_size=batch_size,
            advance=lambda _: None,
        )
        return {row["id"]: row for table in parts.tables() for row in table.to_pylist()}

    return store


def alone(model, document):
    batch = model.prepare([document])
    [attended] = model.attend(batch, sites=[SITE])
    return {
        "tokens": list(batch.tokens[0]),
        "truncated": batch.truncated == (document.id,),
        "probabilities": attended.probabilities[0].tolist(),
        "attention": attended.attention[0].tolist(),
        "special_mass": attended.special_mass[0].item(),
    }


@pytest.mark.parametrize("batch_size", [1, 7])
def test_what_is_stored_is_what_the_model_says_of_the_document_alone(
    model, stored, documents, batch_size
):
    reversed_order = batch_size == 1
    rows = stored(documents[::-1] if reversed_order else documents, batch_size=batch_size)
    for document in documents:
        row, wanted = rows[document.id], alone(model, document)
        assert (row["tokens"], row["truncated"]) == (wanted["tokens"], wanted["truncated"])
        for name in ("probabilities", "attention", "special_mass"):
            assert row[name] == pytest.approx(wanted[name], abs=1e-9), (document, name)


def test_among_them_are_documents_of_every_kind_that_are_cut_and_whole(model, documents):
    cut = set(model.prepare(documents).truncated)
    kinds = {
        (one.text is None, one.tokens is None, one.text2 is None, one.id in cut)
        for one in documents
    }
    assert len(kinds) == 12


def test_only_its_second_text_may_be_cut_and_the_document_is_named(model):
    whole = Document(id="pair", text="the film", text2="was dull")
    short = model.prepare([whole])
    longer = model.prepare([replace(whole, text2="was dull " * 9)])
    assert (short.truncated, longer.truncated) == ((), ("pair",))
    assert longer.tokens == short.tokens == (("the", "film"),)
    assert longer.piece_ids.shape == torch.Size([1, 16])
