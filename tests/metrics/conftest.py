import pytest
import torch


@pytest.fixture(scope="session")
def random_distributions():
    """Rows of a Dirichlet distribution, half of them with zeros."""

    def draw(rows, entries, *, seed, dtype=torch.float64):
        generator = torch.Generator().manual_seed(seed)
        weights = torch.rand(rows, entries, generator=generator, dtype=torch.float64).log().neg()
        weights[::2, : entries // 2] = 0
        return (weights / weights.sum(dim=1, keepdim=True)).to(dtype)

    return draw
