import pytest
import torch

from attnaudit.models.leave_one_out.scoring import Scoring


@pytest.mark.parametrize("attention", ["additive", "dot"])
def test_two_projected_halves_make_the_score_and_the_logits_of_the_whole_state(
    make_model, attention
):
    network = make_model(attention=attention, classes=("a", "b", "c"), kind="softmax").network
    hidden = torch.randn(2, 5, 16, generator=torch.Generator().manual_seed(2)).double()
    scoring = Scoring(network.attention, network.head)
    there, back = hidden.chunk(2, dim=2)
    projected = there @ scoring.halves[0] + back @ scoring.halves[1] + scoring.bias
    scores, values = scoring.of_words(projected)
    torch.testing.assert_close(scores, network.attention.scores(hidden), atol=1e-12, rtol=0)
    torch.testing.assert_close(values, network.head(hidden), atol=1e-12, rtol=0)
