import math

import pytest
import torch
from torch import nn

from attnaudit.models.encoders import AverageEncoder, BiLSTMEncoder, CNNEncoder

LENGTHS = (7, 1, 4)
ENCODERS = [BiLSTMEncoder, CNNEncoder, AverageEncoder]


@pytest.fixture
def embedded():
    generator = torch.Generator().manual_seed(3)
    return torch.randn(len(LENGTHS), 7, 5, generator=generator, dtype=torch.float64)


@pytest.fixture
def mask():
    return torch.arange(7) < torch.tensor(LENGTHS).unsqueeze(1)


def test_the_bilstm_equals_a_plain_lstm_on_each_document_alone(embedded, mask):
    encoder = BiLSTMEncoder(5, 4).double()
    plain = nn.LSTM(5, 4, bidirectional=True, batch_first=True).double()
    directions = {"": encoder.forwards, "_reverse": encoder.backwards}
    plain.load_state_dict(
        {
            f"{name}{suffix}": weight
            for suffix, direction in directions.items()
            for name, weight in direction.state_dict().items()
        }
    )
    hidden = encoder(embedded, mask)
    for row, length in enumerate(LENGTHS):
        expected, _ = plain(embedded[row, :length])
        torch.testing.assert_close(hidden[row, :length], expected, rtol=0, atol=1e-14)


def test_the_backward_direction_starts_at_the_last_position_of_a_document(embedded, mask):
    encoder = BiLSTMEncoder(5, 4).double()
    before = encoder(embedded, mask)[2, 3]
    embedded[2, :3] = 0.0
    after = encoder(embedded, mask)[2, 3]
    torch.testing.assert_close(before[4:], after[4:], rtol=0, atol=1e-14)
    assert not torch.allclose(before[:4], after[:4])


def test_the_cnn_equals_windows_summed_in_floats(embedded, mask):
    encoder = CNNEncoder(5, 8).double()
    hidden = encoder(embedded, mask)
    for row, length in enumerate(LENGTHS):
        states = embedded[row, :length].tolist()
        for position in range(length):
            expected = [
                value
                for convolution, width in zip(encoder.convolutions, (1, 3, 5, 7), strict=True)
                for value in window_by_hand(convolution, states, position, width)
            ]
            assert hidden[row, position].tolist() == pytest.approx(expected, abs=1e-13)


def window_by_hand(convolution, states, position, width):
    for kernel, bias in zip(convolution.weight.tolist(), convolution.bias.tolist(), strict=True):
        total = bias
        for tap in range(width):
            place = position + tap - width // 2
            if 0 <= place < len(states):
                total += sum(kernel[d][tap] * states[place][d] for d in range(len(kernel)))
        yield max(0.0, total)


def test_the_average_encoder_equals_its_formula_written_in_floats(embedded, mask):
    encoder = AverageEncoder(5, 4).double()
    hidden = encoder(embedded, mask)
    matrix = encoder.projection.weight.tolist()
    bias = encoder.projection.bias.tolist()
    for row, length in enumerate(LENGTHS):
        for position in range(length):
            state = embedded[row, position].tolist()
            expected = [
                math.tanh(sum(w * x for w, x in zip(line, state, strict=True)) + b)
                for line, b in zip(matrix, bias, strict=True)
            ]
            assert hidden[row, position].tolist() == pytest.approx(expected, abs=1e-14)


def test_the_average_encoder_mixes_no_positions(embedded, mask):
    encoder = AverageEncoder(5, 4).double()
    before = encoder(embedded, mask)
    embedded[0, 3] += 1.0
    changed = ((encoder(embedded, mask) - before).abs() > 1e-12).any(dim=2)
    assert changed.nonzero().tolist() == [[0, 3]]


@pytest.mark.parametrize("encoder", ENCODERS)
def test_what_stands_in_the_padding_changes_nothing(encoder, embedded, mask):
    built = encoder(5, 8).double()
    before = built(embedded, mask)
    after = built(embedded.masked_fill(~mask.unsqueeze(2), 1e6), mask)
    torch.testing.assert_close(after, before, rtol=0, atol=1e-14)
    assert (before[~mask] == 0).all()


@pytest.mark.parametrize(
    ("encoder", "size"), [(BiLSTMEncoder, 16), (CNNEncoder, 8), (AverageEncoder, 8)]
)
def test_size_is_the_width_of_the_hidden_states(encoder, size, embedded, mask):
    built = encoder(5, 8).double()
    assert built.size == size == built(embedded, mask).shape[2]
