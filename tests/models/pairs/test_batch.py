from dataclasses import replace

import pytest
import torch


@pytest.mark.parametrize("encoder", ["bilstm", "average"])
@pytest.mark.parametrize("rows", [[0], [5, 1], [4, 3, 2, 0]])
def test_to_select_and_attend_is_to_attend_and_select(make_pair_model, pairs, encoder, rows):
    model = make_pair_model(encoder=encoder, candidates="mentioned")
    whole, index = model.prepare(pairs), torch.tensor(rows)
    [of_all], [of_some] = (
        model.attend(one, sites=["attention"]) for one in (whole, whole.select(index))
    )
    assert of_some.units == tuple(of_all.units[row] for row in rows)
    for name in ("attention", "probabilities", "mask"):
        torch.testing.assert_close(
            getattr(of_some, name), getattr(of_all, name)[index], rtol=0, atol=1e-12
        )


def test_second_texts_that_nobody_needs_are_left_out_and_shared_ones_stay_shared(
    make_pair_model, pairs
):
    model = make_pair_model()
    batch = model.prepare(pairs)
    shared = replace(batch, query_of=torch.tensor([0, 0, 2, 0, 4, 5]))
    found = shared.select(torch.tensor([3, 2, 1]))
    assert len(found.query_ids) == 2
    questions = found.query_ids[found.query_of]
    assert questions.tolist() == batch.query_ids[torch.tensor([0, 2, 0])].tolist()
