import pytest
import torch
from scipy.integrate import quad

from attnaudit.errors import InvalidArgumentError
from attnaudit.measurements.importance import (
    integrated_gradients,
    integrated_gradients_importance,
)


@pytest.mark.parametrize(
    "parts",
    [
        {"encoder": "bilstm", "kind": "binary"},
        {"encoder": "average", "kind": "softmax"},
        {"encoder": "average", "kind": "multilabel"},
    ],
    ids=lambda parts: "-".join(parts.values()),
)
def test_an_attribution_is_the_integral_of_the_slope_along_the_word_as_all_words_grow(
    make_explained, documents, alone, parts
):
    model = make_explained(**parts)
    some = [documents[4], documents[5]]
    found = integrated_gradients(model, model.prepare(some), steps=60)
    for row, document in enumerate(some):
        one = alone(model, document)
        for token in range(len(document.tokens)):
            direction = one.only(one.embeddings, token)
            for output in range(len(found)):

                def along(part, one=one, direction=direction, output=output):
                    place = part * one.embeddings
                    return float(one.slope(one.following, place, direction)[output])

                expected, _ = quad(along, 0, 1, epsabs=1e-8, epsrel=1e-8)
                assert float(found[output, row, token]) == pytest.approx(expected, abs=1e-7)


# Rectifiers put kinks on the way, which no rule for smooth functions likes.
TOLERANCES = {"bilstm": 1e-8, "average": 1e-8, "cnn": 2e-2}


@pytest.mark.parametrize("kind", ["binary", "softmax", "multilabel"])
@pytest.mark.parametrize("encoder", TOLERANCES)
def test_attributions_of_a_document_add_up_to_what_its_words_change(
    make_explained, documents, alone, encoder, kind
):
    model = make_explained(kind=kind, encoder=encoder)
    sums = integrated_gradients(model, model.prepare(documents), steps=40).sum(dim=2)
    changes = []
    for row, document in enumerate(documents):
        one = alone(model, document)
        change = one.following(one.embeddings) - one.following(torch.zeros_like(one.embeddings))
        torch.testing.assert_close(sums[:, row], change, atol=TOLERANCES[encoder], rtol=0)
        changes.append(float(change.abs().max()))
    assert max(changes) > 0.1


def test_more_steps_come_nearer_to_adding_up(make_model, documents, alone):
    model = make_model(encoder="bilstm")
    [document] = documents[2:3]
    one = alone(model, document)
    change = one.following(one.embeddings) - one.following(torch.zeros_like(one.embeddings))
    gaps = [
        float((integrated_gradients(model, one.batch, steps=steps).sum() - change).abs())
        for steps in (1, 4, 16)
    ]
    assert gaps[0] > 10 * gaps[1] > 100 * gaps[2]


def test_importance_is_the_size_of_the_attributions_of_all_labels_together(
    make_explained, documents
):
    model = make_explained(kind="multilabel")
    batch = model.prepare(documents)
    signed = integrated_gradients(model, batch, steps=5)
    found = integrated_gradients_importance(model, batch, steps=5)
    assert (signed < 0).any()
    torch.testing.assert_close(found, signed[0].abs() + signed[1].abs() + signed[2].abs())


def test_neither_neighbours_nor_padding_change_a_document(make_model, documents):
    model = make_model()
    batch = model.prepare(documents)
    together = integrated_gradients_importance(model, batch, steps=5)
    assert together[~batch.mask].eq(0).all()
    for row, document in enumerate(documents):
        by_itself = integrated_gradients_importance(model, model.prepare([document]), steps=5)[0]
        torch.testing.assert_close(together[row, : len(by_itself)], by_itself, atol=1e-12, rtol=0)


def test_no_step_at_all_is_refused(make_model, documents):
    model = make_model()
    with pytest.raises(InvalidArgumentError, match="at least 1 step; got 0"):
        integrated_gradients(model, model.prepare(documents), steps=0)
