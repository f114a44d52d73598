"""Which options a model of the sheet is trained with."""

from pathlib import Path

import pytest

from attnaudit.reproduction.documents import Prepared
from attnaudit.reproduction.request import Request, Training
from attnaudit.reproduction.tasks import named_task
from attnaudit.reproduction.trainings import model_directory, options_of


def training_of(task, **changes):
    fields = {"encoder": "cnn", "attention": "dot", "seed": 2}
    return Training(task=named_task(task), **fields | changes)


@pytest.fixture
def prepared(tmp_path):
    return Prepared(
        path=tmp_path / "documents.jsonl",
        tokenizer="whitespace",
        source="somewhere",
        counts={},
        left_out={},
    )


def test_the_recipe_is_that_of_the_task_but_lengths_were_cut_before(tmp_path, prepared):
    options = options_of(training_of("imdb"), prepared, Request(out=tmp_path))
    assert options.data == str(prepared.path)
    assert (options.encoder, options.attention, options.seed) == ("cnn", "dot", 2)
    assert (options.min_document_frequency, options.tokenizer) == (10, "whitespace")
    # As published the bounds are those of each split, which no option could say.
    assert (options.min_tokens, options.max_tokens) == (1, 20_000)


@pytest.mark.parametrize(
    ("task", "vectors", "size"), [("sst", "vectors.txt", 25), ("babi-2", None, 50)]
)
def test_vectors_are_for_the_tasks_that_began_with_some(tmp_path, prepared, task, vectors, size):
    request = Request(out=tmp_path, embeddings=Path("vectors.txt"), embedding_size=25)
    options = options_of(training_of(task), prepared, request)
    assert (options.embeddings, options.embedding_size) == (vectors, size)


def test_no_two_models_share_a_folder(tmp_path):
    request = Request(out=tmp_path, tasks=("sst", "babi-1", "babi-2"), seeds={"sst": 3})
    folders = [model_directory(one, tmp_path) for one in request.trainings()]
    assert len(set(folders)) == len(folders)
