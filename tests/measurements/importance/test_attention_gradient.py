from dataclasses import replace

import pytest
import torch

from attnaudit.errors import NotDifferentiableError
from attnaudit.measurements.importance import attention_gradient_importance
from attnaudit.models.protocol import Outputs, Readout

BINARY = Outputs(classes=("no", "yes"), kind="binary")


@pytest.mark.parametrize("kind", ["binary", "softmax", "multilabel"])
@pytest.mark.parametrize("encoder", ["bilstm", "average"])
def test_it_is_the_size_of_the_slope_when_the_weight_on_a_word_grows(
    make_explained, documents, alone, encoder, kind
):
    model = make_explained(kind=kind, encoder=encoder)
    [attended] = model.attend(model.prepare(documents), sites=["attention"])
    found = attention_gradient_importance(attended, outputs=model.outputs)
    expected = torch.zeros_like(found)
    for row, document in enumerate(documents):
        one = alone(model, document)
        for token in range(len(document.tokens)):
            slopes = one.slope(one.attending, one.attention, one.only(one.attention, token))
            expected[row, token] = slopes.abs().sum()
    torch.testing.assert_close(found, expected, atol=1e-9, rtol=1e-5)
    assert (expected > 1e-3).any()


def test_the_weights_on_a_word_in_all_rows_grow_together(make_rowwise, alone):
    attended = make_rowwise([[0.7, 0.2, 0.1], [0.1, 0.4, 0.5]], [1.0, -2.0, 0.5])
    found = attention_gradient_importance(attended, outputs=BINARY)

    def yes(rows):
        return attended.readout.replace(rows.unsqueeze(1))[0, 0, 1:]

    for token in range(3):
        direction = torch.zeros_like(attended.rows)
        direction[:, :, token] = attended.rows[:, :, token]
        expected = alone.slope(yes, attended.rows, direction).abs()
        torch.testing.assert_close(found[0, token], expected[0], atol=1e-9, rtol=0)


def test_of_a_sigmoid_it_ranks_words_by_what_they_add_to_the_logit(make_attended):
    attended = make_attended([[0.5, 0.3, 0.2]], [[1.0, -3.0, 2.0]])
    found = attention_gradient_importance(attended, outputs=BINARY)
    yes = attended.probabilities[0, 1]
    torch.testing.assert_close(
        found[0], yes * (1 - yes) * torch.tensor([0.5, 0.9, 0.4], dtype=torch.float64)
    )


def test_a_weight_of_zero_and_padding_have_no_importance(make_attended):
    attended = make_attended([[0.5, 0.0, 0.5], [1.0]], [[1.0, 9.0, 2.0], [3.0]])
    attended.readout.scores[1, 1:] = 5.0
    found = attention_gradient_importance(attended, outputs=BINARY)
    assert found.ne(0).tolist() == [[True, False, True], [True, False, False]]


class Deaf(Readout):
    """Says the same, whatever attention is."""

    def replace(self, rows):
        return torch.full((*rows.shape[:2], 2), 0.5, dtype=rows.dtype)


def test_a_readout_that_attention_does_not_reach_is_refused(make_attended):
    attended = replace(make_attended([[0.5, 0.5]], [[1.0, 2.0]]), readout=Deaf())
    with pytest.raises(NotDifferentiableError, match=r"by its attention; .* ask for leave-one-out"):
        attention_gradient_importance(attended, outputs=BINARY)


def test_the_attended_batch_is_left_as_it_was(make_attended):
    attended = make_attended([[0.5, 0.5]], [[1.0, 2.0]])
    attention_gradient_importance(attended, outputs=BINARY)
    assert not attended.rows.requires_grad
    assert not attended.attention.requires_grad
