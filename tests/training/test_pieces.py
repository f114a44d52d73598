import pytest
import torch

from attnaudit.models.transformers.reading import Reader
from attnaudit.records import Document
from attnaudit.training.batches import sorted_batches
from attnaudit.training.pieces import PieceBatches, piece_examples

pytest.importorskip("transformers")

from .tiny_encoder import encoder_tokenizer

CLASSES = ("bad", "good")
SINGLE = [
    Document(id="a", text="the film was great", label="good"),
    Document(id="b", tokens=("awful", "plot"), label="bad"),
    Document(id="c", text="we saw " * 9, label="good"),
]
PAIRS = [
    Document(id="a", text="the film was great", text2="was a film dull", label="bad"),
    Document(id="b", tokens=("awful", "plot"), text2="lovely", label="good"),
    Document(id="c", text="we saw " * 9, text2="a film", label="good"),
]


@pytest.mark.parametrize("documents", [SINGLE, PAIRS])
def test_training_reads_the_pieces_that_an_audit_reads(documents):
    tokenizer = encoder_tokenizer(longest=10)
    reader = Reader(tokenizer=tokenizer, longest=10, padding=0, device=torch.device("cpu"))
    audited = reader.prepare(documents)
    found = piece_examples(documents, tokenizer, CLASSES)
    for row, one in enumerate(found):
        real = audited.piece_mask[row]
        assert list(one.words) == audited.piece_ids[row][real].tolist()
        assert list(one.segments) == audited.segments[row][real].tolist()
        assert CLASSES[one.target] == documents[row].label
    assert max(len(one.words) for one in found) == 10


def test_a_second_text_is_told_from_the_first_and_padding_is_masked():
    found = piece_examples(PAIRS, encoder_tokenizer(), CLASSES)
    batches = PieceBatches(sorted_batches(found, size=2), padding=7)
    assert len(batches) == 2
    [(ids, mask, segments, targets), _] = batches
    # "b", of two words and one, is shorter than "a", of four and four.
    assert mask.sum(dim=1).tolist() == [6, 11]
    assert ids[0, 6:].tolist() == [7] * 5
    assert segments[0].tolist() == [0, 0, 0, 0, 1, 1] + [0] * 5
    assert targets.tolist() == [1, 0]
