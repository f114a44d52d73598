from collections import Counter

import pytest
import torch

from attnaudit.measurements.shuffles import own_and_shuffled_orders, reordered


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


def test_all_rows_of_a_unit_move_alike(make_rowwise):
    attended = make_rowwise([[0.7, 0.2, 0.1], [0.0, 0.5, 0.5]], [1.0, 2.0, 3.0])
    order = torch.tensor([[[2, 0, 1]]])
    moved = reordered(attended.rows, order)
    assert moved[0, 0].tolist() == [[0.1, 0.7, 0.2], [0.5, 0.0, 0.5]]
