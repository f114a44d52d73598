from dataclasses import dataclass, fields

import pytest
import torch

from attnaudit.errors import InvalidArgumentError
from attnaudit.models.protocol import Batch, select_words


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


@dataclass(frozen=True, kw_only=True, slots=True)
class Timed(Batch):
    """A kind of batch that does not say what becomes of what it holds more."""

    times: tuple[float, ...]


def test_a_kind_of_batch_that_would_lose_what_it_holds_is_refused(batch):
    known = {field.name: getattr(batch, field.name) for field in fields(Batch)}
    timed, rows = Timed(**known, times=(1.0, 2.0, 3.0)), torch.tensor([2, 0])
    with pytest.raises(InvalidArgumentError, match=r"a Timed holds more than a Batch \(times\)"):
        timed.select(rows)
    assert select_words(timed, rows).documents == batch.select(rows).documents


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
