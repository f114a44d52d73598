"""What stands beside the agreement of attention and importance: its null and its ceiling."""

import statistics

import pytest
import scipy.stats

from attnaudit.errors import InvalidArgumentError, NotDifferentiableError
from attnaudit.measurements.agreement import agreement
from attnaudit.measurements.importance import gradient_importance, leave_one_out_importance
from attnaudit.measurements.random_attention import NETWORKS, UntrainedModels
from attnaudit.measurements.untrained import untrained_models
from attnaudit.models import PaperModel, faithful_model
from attnaudit.models.planted import NEUTRAL_WORDS, POSITIVE_WORDS
from attnaudit.records import Document

SITE = "attention"


def measure(model, documents, *, importance="gradient", untrained=None):
    batch = model.prepare(documents)
    rows = agreement(model, batch, site=SITE, importance=importance, untrained=untrained)
    return {(row.document, row.quantity): row for row in rows}


def correlation(first, second, row, length):
    return scipy.stats.kendalltau(first[row, :length], second[row, :length]).statistic


def attention_of(model, batch):
    return model.attend(batch, sites=[SITE])[0].attention


def test_the_null_is_the_correlation_with_the_network_that_a_document_was_given(
    make_model, documents
):
    model, others = make_model(), [make_model(seed=5 + number) for number in range(NETWORKS)]
    untrained = UntrainedModels(draw=others.__getitem__, seed=2)
    batch = model.prepare(documents)
    scores = gradient_importance(model, batch)
    found = measure(model, documents, untrained=untrained)
    for row, document in enumerate(documents):
        length = len(document.tokens)
        if length == 1:
            assert found[document.id, "tau-null"].undefined == "one token"
            continue
        other = others[untrained.number_of(document.id)]
        expected = correlation(attention_of(other, batch), scores, row, length)
        assert found[document.id, "tau-null"].value == pytest.approx(expected, abs=1e-12)
        own = correlation(attention_of(model, batch), scores, row, length)
        assert found[document.id, "tau-above-null"].value == pytest.approx(
            own - expected, abs=1e-12
        )


def test_a_model_beside_itself_is_not_above_its_null(make_model, documents):
    model = make_model()
    found = measure(model, documents, untrained=UntrainedModels(draw=lambda _: model, seed=0))
    for document in documents:
        if len(document.tokens) > 1:
            assert found[document.id, "tau-above-null"].value == 0.0


def test_a_faithful_model_is_far_above_one_that_has_learnt_nothing(planted_documents):
    model = faithful_model()
    found = measure(model, planted_documents, untrained=untrained_models(model, seed=0))
    nulls = [found[one.id, "tau-null"].value for one in planted_documents]
    assert abs(statistics.fmean(nulls)) < 0.2
    assert (
        statistics.fmean(found[one.id, "tau-above-null"].value for one in planted_documents) > 0.8
    )


def test_without_a_counterpart_only_the_null_is_missing(make_model, documents):
    found = measure(make_model(), documents)
    assert found["d0", "tau"].undefined is None
    for quantity in ("tau-null", "tau-above-null"):
        assert found["d0", quantity].undefined == "no random weights for this architecture"


def test_the_ceiling_is_what_gradient_and_leave_one_out_agree_on(make_model, documents):
    model = make_model()
    batch = model.prepare(documents)
    [attended] = model.attend(batch, sites=[SITE])
    gradient = gradient_importance(model, batch)
    without = leave_one_out_importance(model, batch, attended.probabilities)
    found = measure(model, documents, importance="leave-one-out")
    for row, document in enumerate(documents):
        length = len(document.tokens)
        if length > 1:
            expected = correlation(gradient, without, row, length)
            assert found[document.id, "tau-ceiling"].value == pytest.approx(expected, abs=1e-12)


def test_only_leave_one_out_has_a_ceiling_beside_it(make_model, documents):
    found = measure(make_model(), documents, importance="gradient")
    assert ("d0", "tau-ceiling") not in found


def test_where_both_importances_see_one_word_the_ceiling_is_one():
    document = Document(id="a", tokens=(*NEUTRAL_WORDS[:9], POSITIVE_WORDS[0]))
    found = measure(faithful_model(), [document], importance="leave-one-out")
    assert found["a", "tau-ceiling"].value == pytest.approx(1.0)


class Detached(PaperModel):
    """The same model, whose embeddings lead nowhere."""

    def predict_embedded(self, batch, embeddings, *, attention_frozen):
        detached = embeddings.detach()
        return super().predict_embedded(batch, detached, attention_frozen=attention_frozen)


def test_leave_one_out_of_a_model_without_a_gradient_lacks_the_ceiling_alone(make_model, documents):
    model = make_model()
    detached = Detached(model.network, model.configuration, model.vocabulary)
    found = measure(detached, documents, importance="leave-one-out")
    assert found["d0", "tau-ceiling"].undefined == "no gradient of the output"
    expected = measure(model, documents, importance="leave-one-out")["d0", "tau"].value
    assert found["d0", "tau"].value == expected
    with pytest.raises(NotDifferentiableError, match="must be differentiable"):
        measure(detached, documents, importance="gradient")


class Broken(PaperModel):
    """The same model, which cannot predict from embeddings because something is wrong with it."""

    def predict_embedded(self, *_, **__):
        raise InvalidArgumentError("weights of the wrong shape")


def test_only_a_missing_gradient_is_taken_for_one(make_model, documents):
    model = make_model()
    broken = Broken(model.network, model.configuration, model.vocabulary)
    with pytest.raises(InvalidArgumentError, match="weights of the wrong shape"):
        measure(broken, documents, importance="leave-one-out")
