import pytest
import torch
from torch import nn

from attnaudit.models.leave_one_out.windows import Kernel, Windows


@pytest.fixture
def embeddings():
    table = torch.randn(9, 3, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    table[0] = 0.0
    return table


def make_convolution(width):
    convolution = nn.Conv1d(3, 2, width, padding=width // 2).double().requires_grad_(False)
    generator = torch.Generator().manual_seed(width)
    for parameter in convolution.parameters():
        parameter.copy_(torch.randn(parameter.shape, generator=generator, dtype=torch.float64))
    return convolution


def features_of(convolution, embeddings, rows):
    """[positions filters], by the convolution itself."""
    return convolution(embeddings[torch.tensor(rows)].T.unsqueeze(0))[0].T


@pytest.mark.parametrize("width", [1, 3, 5, 7, 9])
@pytest.mark.parametrize("words", [1, 2, 3, 6])
def test_features_are_those_of_the_convolution_over_the_text_without_the_word(
    embeddings, width, words
):
    convolution = make_convolution(width)
    positions = [5, *range(2, 2 + words), 1]
    windows = Windows(Kernel(convolution, embeddings), torch.tensor([[*positions, 0, 0]]))
    for distance in range(-4, 5):
        found = windows.features(distance)[0]
        for word in range(words):
            gap = word + distance
            if distance == 0 or not 0 <= gap < words:
                continue
            shorter = positions[: gap + 1] + positions[gap + 2 :]
            place = 1 + word - (gap < word)
            expected = features_of(convolution, embeddings, shorter)[place]
            torch.testing.assert_close(found[word], expected, atol=1e-12, rtol=0)


def test_without_a_deletion_they_are_those_of_the_whole_text(embeddings):
    convolution = make_convolution(5)
    windows = Windows(Kernel(convolution, embeddings), torch.tensor([[5, 2, 3, 4, 1]]))
    expected = features_of(convolution, embeddings, [5, 2, 3, 4, 1])[1:-1]
    torch.testing.assert_close(windows.features(0)[0], expected, atol=1e-12, rtol=0)
    # A word further away than the window reaches changes nothing.
    torch.testing.assert_close(windows.features(3)[0], expected, atol=1e-12, rtol=0)
