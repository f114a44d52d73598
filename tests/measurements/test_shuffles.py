import math
from collections import Counter

import numpy as np
import pytest
import torch

from attnaudit.errors import InvalidArgumentError
from attnaudit.measurements.shuffles import (
    every_order,
    own_and_shuffled_orders,
    random_orders,
    reordered,
    shuffled_rows,
)


def orders_of(attended, *, draws=5, seed=0, measurement="m"):
    return own_and_shuffled_orders(attended, measurement=measurement, draws=draws, seed=seed)


@pytest.fixture
def attended(make_attended):
    return make_attended([[0.5, 0.3, 0.2], [0.1, 0.2, 0.3, 0.4]], [[1, 2, 3], [1, 2, 3, 4]])


def test_the_first_order_is_the_documents_own_and_padding_never_moves(attended):
    orders = orders_of(attended, draws=50)
    assert orders[:, 0].tolist() == [[0, 1, 2, 3]] * 2
    assert (orders[0, :, 3] == 3).all()
    assert (orders.sort(dim=2).values == torch.arange(4)).all()


def test_each_order_of_the_real_tokens_is_drawn_equally_often(attended):
    counts = Counter(map(tuple, orders_of(attended, draws=6000)[0, 1:, :3].tolist()))
    assert len(counts) == 6
    # Five standard deviations of a count of one in six.
    assert all(abs(count - 1000) < 5 * (6000 * 5 / 36) ** 0.5 for count in counts.values())


def test_orders_belong_to_document_measurement_and_seed(make_attended):
    one = make_attended([[0.1] * 10], [[1] * 10], names=["a"])
    other = make_attended([[0.1] * 10], [[1] * 10], names=["b"])
    both = make_attended([[0.1] * 10] * 2, [[1] * 10] * 2, names=["b", "a"])
    assert (orders_of(both)[1] == orders_of(one)[0]).all()
    assert (orders_of(both)[0] == orders_of(other)[0]).all()
    found = [orders_of(one), orders_of(other), orders_of(one, seed=1)]
    found.append(orders_of(one, measurement="n"))
    assert len({str(orders.tolist()) for orders in found}) == 4


@pytest.mark.parametrize("length", [1, 2, 5, 512, 513, 3_000])
def test_a_random_order_holds_every_place_once(length):
    orders = random_orders(np.random.default_rng(0), draws=4, length=length)
    assert orders.shape == (4, length)
    assert (np.sort(orders, axis=1) == np.arange(length)).all()


@pytest.mark.parametrize("length", [400, 600])
def test_every_token_comes_to_every_place_and_pair_in_either_order_as_often(length):
    draws = 4_000
    orders = random_orders(np.random.default_rng(1), draws=draws, length=length)
    # Of a fair place the mean of uniform numbers, within five standard errors of it.
    error = length / (12 * draws) ** 0.5
    assert np.abs(orders.mean(axis=0) - (length - 1) / 2).max() < 5 * error
    places = orders.argsort(axis=1)
    assert np.abs(places.mean(axis=0) - (length - 1) / 2).max() < 5 * error
    first = (places[:, 1:] < places[:, :-1]).mean(axis=0)
    assert np.abs(first - 0.5).max() < 5 * 0.5 / draws**0.5


@pytest.mark.parametrize("length", [1, 6, 7, 512, 513])
def test_orders_drawn_in_turns_are_those_drawn_together(length):
    together, in_turns = np.random.default_rng(2), np.random.default_rng(2)
    parts = [random_orders(in_turns, draws=draws, length=length) for draws in (1, 3, 2)]
    assert (np.concatenate(parts) == random_orders(together, draws=6, length=length)).all()


def test_a_document_too_long_for_its_keys_is_refused():
    with pytest.raises(InvalidArgumentError, match=r"at most 1048576 tokens .* has 1048577"):
        random_orders(np.random.default_rng(0), draws=1, length=2**20 + 1)


@pytest.mark.parametrize("at_once", [1, 3, 7, 100])
def test_shuffled_rows_are_the_rows_in_the_same_orders_however_many_at_once(attended, at_once):
    parts = list(shuffled_rows(attended, measurement="m", draws=7, seed=0, at_once=at_once))
    assert all(part.shape[1] <= at_once for part in parts)
    expected = reordered(attended.rows, orders_of(attended, draws=7)[:, 1:])
    assert torch.equal(torch.cat(parts, dim=1), expected)


def test_shuffled_rows_keep_several_rows_together(make_rowwise):
    attended = make_rowwise([[0.7, 0.2, 0.1], [0.0, 0.4, 0.6]], [1.0, 2.0, 3.0])
    [moved] = shuffled_rows(attended, measurement="m", draws=9, seed=0, at_once=9)
    expected = reordered(attended.rows, orders_of(attended, draws=9)[:, 1:])
    assert torch.equal(moved, expected)
    assert len({str(one) for one in moved[0].tolist()}) > 1


@pytest.mark.parametrize("length", [1, 2, 3, 4, 5])
def test_every_order_is_there_once_and_padding_stays(length):
    orders = every_order(length, width=7).tolist()
    assert orders[0] == list(range(7))
    assert len(set(map(tuple, orders))) == len(orders) == math.factorial(length)
    for order in orders:
        assert sorted(order[:length]) == list(range(length))
        assert order[length:] == list(range(length, 7))


def test_all_rows_of_a_unit_move_alike(make_rowwise):
    attended = make_rowwise([[0.7, 0.2, 0.1], [0.0, 0.5, 0.5]], [1.0, 2.0, 3.0])
    order = torch.tensor([[[2, 0, 1]]])
    moved = reordered(attended.rows, order)
    assert moved[0, 0].tolist() == [[0.1, 0.7, 0.2], [0.5, 0.0, 0.5]]
