import pytest
import torch

from attnaudit.measurements.token_logits import token_logits

ATTENTIONS = [[0.5, 0.3, 0.2], [0.9, 0.1]]


@pytest.mark.parametrize(
    ("scores", "link", "bias"),
    [
        ([[1.0, 2.0, -3.0], [0.5, 4.0]], "sigmoid", [0.75]),
        ([[[1.0, 2.0], [3.0, -1.0], [0.0, 0.5]], [[1.0, 1.0], [2.0, 0.0]]], "softmax", [0.5, -1.0]),
    ],
)
def test_they_mix_to_the_log_odds_of_the_second_class(make_attended, scores, link, bias):
    attended = make_attended(ATTENTIONS, scores, link=link, bias=bias)
    mixed = (attended.attention * token_logits(attended.readout)).sum(dim=1)
    odds = attended.probabilities[:, 1] / attended.probabilities[:, 0]
    torch.testing.assert_close(mixed, odds.log(), atol=1e-12, rtol=0)


@pytest.mark.parametrize(
    ("columns", "link", "opaque"),
    [
        (3, "softmax", False),
        (2, "multilabel", False),
        (1, "multilabel", False),
        (1, "sigmoid", True),
    ],
)
def test_there_are_none_where_the_output_is_not_one_linear_logit(
    make_attended, columns, link, opaque
):
    scores = [[[1.0] * columns] * len(one) for one in ATTENTIONS]
    attended = make_attended(ATTENTIONS, scores, link=link, opaque=opaque)
    assert token_logits(attended.readout) is None
