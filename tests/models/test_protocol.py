import pytest
import torch

from attnaudit.models.protocol import Batch


@pytest.fixture
def batch():
    return Batch(
        documents=("a", "b", "c"),
        tokens=(("p", "q", "r"), ("s",), ("t", "u")),
        token_ids=torch.tensor([[7, 8, 9], [4, 0, 0], [5, 6, 0]]),
        mask=torch.tensor([[True] * 3, [True, False, False], [True, True, False]]),
        truncated=("a", "b"),
    )


def test_selected_documents_come_in_the_order_asked_for_with_all_that_is_theirs(batch):
    found = batch.select(torch.tensor([2, 0]))
    assert found.documents == ("c", "a")
    assert found.tokens == (("t", "u"), ("p", "q", "r"))
    assert found.token_ids.tolist() == [[5, 6, 0], [7, 8, 9]]
    assert found.lengths.tolist() == [2, 3]
    assert found.truncated == ("a",)


def test_no_document_may_be_selected(batch):
    assert batch.select(torch.tensor([], dtype=torch.int64)).documents == ()


@pytest.mark.parametrize("encoder", ["bilstm", "cnn", "average"])
@pytest.mark.parametrize("rows", [[0], [5, 1], [4, 3, 2, 0]])
def test_to_select_and_attend_is_to_attend_and_select(make_model, documents, encoder, rows):
    model = make_model(encoder=encoder)
    whole, index = model.prepare(documents), torch.tensor(rows)
    [of_all], [of_some] = (
        model.attend(one, sites=["attention"]) for one in (whole, whole.select(index))
    )
    assert of_some.units == tuple(of_all.units[row] for row in rows)
    for name in ("attention", "probabilities", "mask"):
        torch.testing.assert_close(
            getattr(of_some, name), getattr(of_all, name)[index], rtol=0, atol=1e-12
        )
