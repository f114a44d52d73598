"""Values of a model that was never trained, written down directly."""

import numpy as np
import pytest

from attnaudit.reproduction.values import ModelValues

QUANTITIES = (
    *("tau-gradient", "tau-leave-one-out", "tau-gradient-leave-one-out"),
    *("p-value-gradient", "p-value-leave-one-out", "p-value-gradient-leave-one-out"),
    *("permutation", "search", "exact"),
)


@pytest.fixture
def make_values():
    def make(count=40, *, seed=0, causes=None, upper=None, **values):
        draw = np.random.default_rng(seed)
        filled = {name: draw.uniform(0, 0.6, count) for name in QUANTITIES}
        filled |= {name: np.asarray(one, dtype=float) for name, one in values.items()}
        bounds = dict(filled) | {
            name: np.asarray(one, dtype=float) for name, one in (upper or {}).items()
        }
        predicted = draw.integers(0, 2, count)
        return ModelValues(
            documents=tuple(f"document-{number}" for number in range(count)),
            classes=("0", "1"),
            predicted=predicted.astype(np.str_),
            label=tuple(str(number) for number in draw.integers(0, 2, count)),
            confidence=draw.uniform(0.5, 1, count),
            lengths=draw.integers(6, 30, count),
            largest=draw.uniform(0.05, 1, count),
            values=filled,
            upper=bounds,
            causes=dict.fromkeys(QUANTITIES, (None,) * count) | (causes or {}),
        )

    return make
