import hashlib

import pytest
import torch

from attnaudit.data.vocabulary import SPECIALS, Vocabulary
from attnaudit.errors import DataError, UsageError
from attnaudit.models import Configuration
from attnaudit.training.recipe import initial_network
from attnaudit.training.vectors import file_digest, place_vectors

VOCABULARY = Vocabulary((*SPECIALS, "film", "great", "awful"))


@pytest.fixture
def network():
    configuration = Configuration(
        encoder="average",
        attention="additive",
        embedding_size=3,
        hidden_size=4,
        classes=("bad", "good"),
        kind="binary",
        tokenizer="whitespace",
        vocabulary_size=len(VOCABULARY),
    )
    return initial_network(configuration, seed=0)


@pytest.fixture
def vectors(tmp_path):
    path = tmp_path / "vectors.txt"
    path.write_text("great 1 2 3\nunused 9 9 9\nfilm -1 0 0.5\n")
    return path


def test_words_begin_at_their_vectors_missing_ones_at_zero_and_specials_stay(network, vectors):
    specials = network.embedding.weight[:4].clone()
    place_vectors(network, VOCABULARY, vectors)
    assert network.embedding.weight[4:].tolist() == [[-1, 0, 0.5], [1, 2, 3], [0, 0, 0]]
    assert torch.equal(network.embedding.weight[:4], specials)


def test_vectors_of_another_dimension_are_refused_with_the_option_that_fits(network, tmp_path):
    path = tmp_path / "two.txt"
    path.write_text("film 1 2\n")
    with pytest.raises(UsageError, match=r"have 2 dimensions .* has 3. Pass --embedding-size 2"):
        place_vectors(network, VOCABULARY, path)


def test_vectors_of_none_of_the_words_are_refused(network, tmp_path):
    path = tmp_path / "other.txt"
    path.write_text("Kino 1 2 3\n")
    with pytest.raises(DataError, match="none of the 3 words of the train split"):
        place_vectors(network, VOCABULARY, path)


def test_the_digest_of_a_file_is_its_sha256(vectors):
    assert file_digest(vectors) == hashlib.sha256(vectors.read_bytes()).hexdigest()


def test_a_missing_file_of_vectors_is_refused(tmp_path):
    with pytest.raises(DataError, match=r"nowhere\.vec cannot be read: No such file"):
        file_digest(tmp_path / "nowhere.vec")
