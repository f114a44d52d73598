import pytest
import torch

from attnaudit.errors import NotDifferentiableError
from attnaudit.measurements.importance import (
    gradient_importance,
    gradient_norm_importance,
    gradient_through_attention_importance,
)
from attnaudit.models import PaperModel

MEASURES = (
    gradient_importance,
    gradient_through_attention_importance,
    gradient_norm_importance,
)
EACH_MODEL = pytest.mark.parametrize(
    "parts",
    [
        *({"encoder": "bilstm", "kind": kind} for kind in ("binary", "softmax", "multilabel")),
        {"encoder": "cnn", "kind": "binary"},
        {"encoder": "average", "kind": "softmax"},
    ],
    ids=lambda parts: "-".join(parts.values()),
)


class SpoiltPadding(PaperModel):
    """The same model, with other numbers in the embeddings of padding."""

    def embed(self, batch):
        return super().embed(batch).masked_fill(~batch.mask.unsqueeze(2), 7.0)


def assert_rows_equal(found, documents, expected_row):
    """Row by row, zero behind the last word."""
    expected = torch.zeros_like(found)
    for row, document in enumerate(documents):
        expected[row, : len(document.tokens)] = expected_row(document)
    torch.testing.assert_close(found, expected, atol=1e-9, rtol=1e-5)
    assert (expected.amax(dim=1) > 1e-4).all()


@EACH_MODEL
@pytest.mark.parametrize(
    "case",
    [(gradient_importance, "frozen"), (gradient_through_attention_importance, "following")],
    ids=["held", "following"],
)
def test_gradient_importance_is_the_size_of_the_slope_along_the_embedding(
    make_explained, documents, alone, parts, case
):
    measure, attention = case
    model = make_explained(**parts)

    def expected(document):
        one = alone(model, document)
        function = getattr(one, attention)
        return torch.stack(
            [
                one.slope(function, one.embeddings, one.only(one.embeddings, token)).abs().sum()
                for token in range(len(document.tokens))
            ]
        )

    assert_rows_equal(measure(model, model.prepare(documents)), documents, expected)


@EACH_MODEL
def test_gradient_norm_is_the_length_of_the_slopes_in_every_dimension_with_attention_held(
    make_explained, documents, alone, parts
):
    model = make_explained(**parts)

    def expected(document):
        one = alone(model, document)
        axes = torch.eye(one.embeddings.shape[2], dtype=torch.float64)
        norms = []
        for token in range(len(document.tokens)):
            directions = [one.only(axis.expand_as(one.embeddings), token) for axis in axes]
            sides = [one.slope(one.frozen, one.embeddings, direction) for direction in directions]
            norms.append(torch.stack(sides).square().sum(dim=0).sqrt().sum())
        return torch.stack(norms)

    found = gradient_norm_importance(model, model.prepare(documents))
    assert_rows_equal(found, documents, expected)


def test_only_the_named_measure_lets_attention_follow(make_model, documents):
    model = make_model()
    batch = model.prepare(documents)
    frozen, following = (
        measure(model, batch)
        for measure in (gradient_importance, gradient_through_attention_importance)
    )
    # A single word always has all the attention.
    assert ((frozen - following).abs().amax(dim=1) > 1e-4).tolist() == [
        len(document.tokens) > 1 for document in documents
    ]


class Detached(PaperModel):
    """The same model, whose embeddings lead nowhere."""

    def predict_embedded(self, batch, embeddings, *, attention_frozen):
        detached = embeddings.detach()
        return super().predict_embedded(batch, detached, attention_frozen=attention_frozen)


@pytest.mark.parametrize("measure", MEASURES)
def test_a_model_that_cuts_its_embeddings_off_is_refused(make_model, documents, measure):
    model = make_model()
    cut_off = Detached(model.network, model.configuration, model.vocabulary)
    with pytest.raises(NotDifferentiableError, match="must be differentiable by its embeddings"):
        measure(cut_off, model.prepare(documents))


@pytest.mark.parametrize("measure", MEASURES)
def test_neither_neighbours_nor_the_contents_of_padding_change_a_document(
    make_model, documents, measure
):
    model = make_model()
    together = measure(model, model.prepare(documents))
    for row, document in enumerate(documents):
        by_itself = measure(model, model.prepare([document]))[0]
        torch.testing.assert_close(together[row, : len(by_itself)], by_itself, atol=1e-12, rtol=0)
    spoilt_model = SpoiltPadding(model.network, model.configuration, model.vocabulary)
    spoilt = measure(spoilt_model, model.prepare(documents))
    torch.testing.assert_close(spoilt, together, atol=1e-12, rtol=0)
    assert together[~model.prepare(documents).mask].eq(0).all()
