import math

import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import softmax

from attnaudit.models.leave_one_out.word_wise import means_without_each


@settings(max_examples=100, deadline=None)
@given(
    scores=st.lists(st.floats(-700, 700), min_size=2, max_size=8),
    seed=st.integers(0, 1_000),
    padding=st.integers(0, 3),
)
def test_each_mean_is_the_softmax_over_the_other_words_whatever_the_range_of_scores(
    scores, seed, padding
):
    values = torch.randn(1, len(scores), 2, generator=torch.Generator().manual_seed(seed)).double()
    padded = torch.tensor([[*scores, *[-math.inf] * padding]], dtype=torch.float64)
    found = means_without_each(
        padded, torch.cat([values, torch.full((1, padding, 2), 9.0, dtype=torch.float64)], dim=1)
    )
    for word in range(len(scores)):
        others = softmax(np.delete(np.array(scores), word))
        expected = others @ np.delete(values[0].numpy(), word, axis=0)
        np.testing.assert_allclose(found[0, word].numpy(), expected, atol=1e-12, rtol=0)


def test_two_heaviest_words_of_equal_score_are_each_left_out():
    scores = torch.tensor([[30.0, -30.0, 30.0]], dtype=torch.float64)
    values = torch.tensor([[[1.0], [2.0], [3.0]]], dtype=torch.float64)
    found = means_without_each(scores, values)[0, :, 0]
    torch.testing.assert_close(found, torch.tensor([3.0, 2.0, 1.0], dtype=torch.float64))
