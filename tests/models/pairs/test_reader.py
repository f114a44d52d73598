import pytest
import torch

from attnaudit.data.vocabulary import END, START
from attnaudit.models.pairs.reader import TextReader

ENCODERS = ["bilstm", "cnn", "average"]


@pytest.fixture(params=ENCODERS)
def reader(request, make_pair_configuration):
    torch.manual_seed(3)
    return TextReader(make_pair_configuration(encoder=request.param)).double()


IDS = torch.tensor([[5, 9, 6, 11], [7, 0, 0, 0], [8, 8, 4, 0]])
MASK = IDS != 0


def states(reader, row):
    """Hidden states of one text with its marks, without any padding."""
    framed = [START, *IDS[row][MASK[row]].tolist(), END]
    embedded = reader.embedding(torch.tensor([framed]))
    return reader.encoder(embedded, torch.ones(1, len(framed), dtype=torch.bool))[0]


def test_the_whole_of_a_text_is_what_its_encoder_says_of_it(reader, request):
    found = reader.whole(IDS, MASK)
    units = found.shape[1] // 2
    for row in range(len(IDS)):
        hidden = states(reader, row)
        expected = {
            "bilstm": [*hidden[-1, :units].tolist(), *hidden[0, units:].tolist()],
            "cnn": [max(column) for column in hidden.T.tolist()],
            "average": [sum(column) / len(column) for column in hidden.T.tolist()],
        }[request.node.callspec.params["reader"]]
        assert found[row].tolist() == pytest.approx(expected, abs=1e-14)


def test_the_states_of_a_long_short_term_memory_at_its_ends_are_what_torch_calls_final(
    make_pair_configuration,
):
    reader = TextReader(make_pair_configuration(encoder="bilstm")).double()
    text = reader.embedding(torch.tensor([[START, 5, 9, 6, 11, END]]))
    _, (forwards, _) = reader.encoder.forwards(text)
    _, (backwards, _) = reader.encoder.backwards(text.flip(1))
    expected = torch.cat([forwards[0], backwards[0]], dim=1)
    found = reader.whole(IDS[:1], MASK[:1])
    torch.testing.assert_close(found, expected, rtol=0, atol=1e-14)


def test_padding_changes_neither_words_nor_the_whole(reader):
    wider, mask = (torch.nn.functional.pad(one, (0, 3)) for one in (IDS, MASK))
    torch.testing.assert_close(
        reader.whole(wider, mask), reader.whole(IDS, MASK), rtol=0, atol=1e-14
    )
    words = reader.words(reader.embedding(IDS), MASK)
    again = reader.words(reader.embedding(wider), mask)[:, :4]
    torch.testing.assert_close(again, words, rtol=0, atol=1e-14)


def test_words_are_the_states_between_the_marks(reader):
    found = reader.words(reader.embedding(IDS), MASK)
    for row in range(len(IDS)):
        torch.testing.assert_close(
            found[row][MASK[row]], states(reader, row)[1:-1], rtol=0, atol=1e-14
        )
