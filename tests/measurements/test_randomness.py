from attnaudit.measurements.randomness import document_generator


def drawn(*name):
    return document_generator(*name).integers(2**32, size=4).tolist()


def test_the_same_name_draws_the_same():
    assert drawn(0, "permutation", "a") == drawn(0, "permutation", "a")


def test_seed_measurement_and_document_each_change_what_is_drawn():
    draws = [
        drawn(0, "permutation", "a"),
        drawn(1, "permutation", "a"),
        drawn(0, "adversary", "a"),
        drawn(0, "permutation", "b"),
    ]
    assert len({tuple(draw) for draw in draws}) == 4
