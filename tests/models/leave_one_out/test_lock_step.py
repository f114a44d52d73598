import torch
from torch import nn

from attnaudit.models.leave_one_out.lock_step import Direction, Reading

WORDS = 6


def make_reading():
    torch_generator = torch.Generator().manual_seed(3)
    recurrence = nn.LSTM(3, 4, batch_first=True).double().requires_grad_(False)
    for parameter in recurrence.parameters():
        parameter.copy_(
            torch.randn(parameter.shape, generator=torch_generator, dtype=torch.float64)
        )
    embeddings = torch.randn(9, 3, generator=torch_generator, dtype=torch.float64)
    rows = torch.randint(0, 9, (2, WORDS + 2), generator=torch_generator)
    return recurrence, embeddings[rows], Reading(Direction(recurrence, embeddings), rows)


def test_whole_documents_have_the_states_of_the_lstm():
    recurrence, framed, reading = make_reading()
    expected, _ = recurrence(framed)
    torch.testing.assert_close(
        reading.states, expected[:, 1:-1].transpose(0, 1), atol=1e-12, rtol=0
    )


def test_each_deletion_has_the_states_of_the_lstm_over_the_shorter_document():
    recurrence, framed, reading = make_reading()
    seen = []
    for word, states in reading.disturbed():
        seen.append(word)
        assert states.shape[:2] == (word, 2)
        for deleted in range(word):
            shorter = torch.cat([framed[:, : deleted + 1], framed[:, deleted + 2 :]], dim=1)
            expected, _ = recurrence(shorter)
            torch.testing.assert_close(states[deleted], expected[:, word], atol=1e-12, rtol=0)
    assert seen == list(range(1, WORDS))
