import dataclasses
import math

import pytest
import torch

from attnaudit.errors import PreflightError, UsageError
from attnaudit.models import (
    LinearReadout,
    Outputs,
    PaperModel,
    Site,
    faithful_model,
)
from attnaudit.models.paper import SITE
from attnaudit.models.planted import NEUTRAL_WORDS, POSITIVE_WORDS, uniform_attention_model
from attnaudit.models.preflight import check_attended, preflight
from attnaudit.records import Document


class Altered(PaperModel):
    """A model whose attended batches go through `alter` before anyone sees them."""

    def __init__(self, model, alter, *, sites=(SITE,)):
        super().__init__(model.network, model.configuration, model.vocabulary)
        self._alter = alter
        self._sites = sites

    @property
    def sites(self):
        return self._sites

    def attend(self, batch, *, sites):
        (attended,) = super().attend(batch, sites=["attention"])
        return tuple(self._alter(attended) for _ in sites)


@pytest.fixture
def sound(make_model):
    return make_model(encoder="cnn")


@pytest.fixture
def refused(sound, documents):
    """Preflight of the sound model with its attended batch changed must raise the message."""

    def refused(message, alter):
        with pytest.raises(PreflightError, match=message):
            preflight(Altered(sound, alter), sound.prepare(documents))

    return refused


def replaced(attended, field, *, index, value):
    tensor = getattr(attended, field).clone()
    tensor[index] = value
    return dataclasses.replace(attended, **{field: tensor})


@pytest.mark.parametrize("encoder", ["bilstm", "cnn", "average"])
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
@pytest.mark.parametrize("kind", ["binary", "softmax"])
def test_a_sound_model_passes(encoder, dtype, kind, make_model, documents):
    model = make_model(encoder=encoder, dtype=dtype, kind=kind)
    preflight(model, model.prepare(documents))


def test_an_unaltered_model_passes_through_the_same_door(sound, documents):
    preflight(Altered(sound, lambda attended: attended), sound.prepare(documents))


def test_constant_attention_is_a_result_and_no_broken_instrument():
    model = uniform_attention_model()
    words = (*NEUTRAL_WORDS[:4], POSITIVE_WORDS[0])
    preflight(model, model.prepare([Document(id="d", tokens=words)]))


def test_training_mode_is_refused(sound, documents):
    batch = sound.prepare(documents)
    sound.network.encoder.train()
    with pytest.raises(PreflightError, match=r"training mode.*Call eval\(\)"):
        preflight(sound, batch)


@pytest.mark.parametrize("field", ["attention", "rows", "probabilities"])
@pytest.mark.parametrize(("size", "passes"), [(1e-8, False), (1e-12, True)])
def test_two_passes_may_differ_by_rounding_and_no_more(field, size, passes, sound, documents):
    passed = []

    def drift(attended):
        passed.append(1)
        index = (slice(None), 0, 0) if field == "rows" else (slice(None), 0)
        moved = getattr(attended, field)[index] * (1 - size * len(passed))
        return replaced(attended, field, index=index, value=moved)

    batch = sound.prepare(documents)
    if passes:
        preflight(Altered(sound, drift), batch)
    else:
        with pytest.raises(PreflightError, match=f"two passes .* differ by .* in {field}"):
            preflight(Altered(sound, drift), batch)


@pytest.mark.parametrize("field", ["attention", "rows"])
@pytest.mark.parametrize(
    ("position", "value", "message"),
    [
        (1, math.nan, r"the weight of token 1 in row 0 is not finite \(nan\)"),
        (2, math.inf, r"token 2 in row 0 is not finite \(inf\)"),
        (0, -0.25, r"token 0 in row 0 is negative \(-0.25\)"),
        (6, 1e-6, r"token 6 in row 0 lies on padding \(1e-06\)"),
        (0, 3.0, r"row 0 sums to 3\.\d+, not to 1"),
    ],
)
def test_weights_that_are_no_distribution_are_named(field, position, value, message, refused):
    index = (0, position) if field == "attention" else (0, 0, position)
    refused(
        rf"document 'd0' at site 'attention', {field}: .*{message}",
        lambda attended: replaced(attended, field, index=index, value=value),
    )


def test_a_sum_within_the_tolerance_passes(make_model, documents):
    model = make_model(encoder="average")

    def stretch(attended, factor):
        readout = LinearReadout(
            attended.readout.scores / factor, attended.readout.bias, attended.readout.link
        )
        return dataclasses.replace(
            attended,
            attention=attended.attention * factor,
            rows=attended.rows * factor,
            readout=readout,
        )

    batch = model.prepare(documents)
    preflight(Altered(model, lambda attended: stretch(attended, 1 + 9e-6)), batch)
    with pytest.raises(PreflightError, match="sums to"):
        preflight(Altered(model, lambda attended: stretch(attended, 1 + 2e-5)), batch)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ((math.nan, 0.5), "are not finite"),
        ((math.inf, 0.0), "are not finite"),
        ((-0.5, 1.5), r"lie outside \[0, 1\]"),
        ((0.4, 0.4), "do not sum to 1"),
    ],
)
def test_probabilities_that_are_none_are_named_with_the_document(values, message, refused):
    refused(
        f"document 'd3' at site 'attention': its probabilities {message}",
        lambda attended: replaced(
            attended, "probabilities", index=3, value=torch.tensor(values, dtype=torch.float64)
        ),
    )


def test_a_readout_of_other_documents_is_refused(refused):
    def shift(attended):
        order = torch.arange(len(attended.units)).roll(1)
        return dataclasses.replace(attended, readout=attended.readout.select(order))

    refused("document 'd0': readout.replace.* at site 'attention' must reproduce .* misses", shift)


def test_a_readout_that_is_not_finite_is_refused(refused):
    def spoil(attended):
        scores = attended.readout.scores.clone()
        scores[4, 0] = math.nan
        readout = LinearReadout(scores, attended.readout.bias, attended.readout.link)
        return dataclasses.replace(attended, readout=readout)

    refused(
        "document 'd4': readout.replace.* at site 'attention' must reproduce .* misses .* by nan",
        spoil,
    )


def test_a_model_that_predicts_otherwise_from_embeddings_is_refused(sound, documents):
    class Doubled(Altered):
        def embed(self, batch):
            return 2 * super().embed(batch)

    with pytest.raises(PreflightError, match=r"predict_embedded\(\) at embed\(\) must reproduce"):
        preflight(Doubled(sound, lambda attended: attended), sound.prepare(documents))


def test_several_outputs_per_document_are_not_compared_with_one(sound, documents):
    def twice(attended):
        order = torch.arange(len(attended.units)).repeat_interleave(2)
        return dataclasses.replace(
            attended,
            units=tuple((attended.units[unit][0], step % 2) for step, unit in enumerate(order)),
            tokens=tuple(attended.tokens[unit] for unit in order),
            mask=attended.mask[order],
            attention=attended.attention[order],
            rows=attended.rows[order],
            probabilities=attended.probabilities[order],
            readout=attended.readout.select(order),
        )

    preflight(Altered(sound, twice), sound.prepare(documents))


def test_independent_labels_need_not_sum_to_one(sound, documents):
    (attended,) = sound.attend(sound.prepare(documents), sites=["attention"])
    labels = dataclasses.replace(attended, probabilities=attended.probabilities * 0.5)
    classes = sound.outputs.classes
    independent = Outputs(classes=classes, kind="multilabel")
    check_attended(labels, site="attention", outputs=independent)
    with pytest.raises(PreflightError, match="do not sum to 1"):
        check_attended(labels, site="attention", outputs=Outputs(classes=classes, kind="softmax"))


def test_a_site_that_cannot_be_replaced_is_not_asked_for_its_readout(sound, documents):
    def shift(attended):
        order = torch.arange(len(attended.units)).roll(1)
        return dataclasses.replace(attended, readout=attended.readout.select(order))

    fixed = Altered(sound, shift, sites=(Site(name="rollout", replaceable=False),))
    preflight(fixed, sound.prepare(documents))
    free = Altered(sound, shift, sites=(Site(name="rollout"),))
    with pytest.raises(PreflightError, match="site 'rollout'"):
        preflight(free, sound.prepare(documents))


def test_all_sites_asked_for_are_checked(sound, documents):
    calls = []

    def spoil_second(attended):
        calls.append(1)
        if len(calls) % 2:
            return attended
        return replaced(attended, "attention", index=(0, 0), value=3.0)

    sites = (Site(name="one"), Site(name="two"))
    model = Altered(sound, spoil_second, sites=sites)
    with pytest.raises(PreflightError, match="site 'two', attention"):
        preflight(model, sound.prepare(documents), sites=["one", "two"])


def test_an_unknown_site_is_refused_with_the_known_ones(sound, documents):
    with pytest.raises(UsageError, match="no attention site 'layer'; it has attention"):
        preflight(sound, sound.prepare(documents), sites=["layer"])


def test_probabilities_of_another_number_of_classes_are_refused(refused):
    refused(
        r"probabilities has shape \(6, 3\), but 6 units of at most 9 tokens and 2 classes",
        lambda attended: dataclasses.replace(
            attended, probabilities=attended.probabilities[:, [0, 1, 1]]
        ),
    )


def test_units_of_another_number_than_rows_are_refused(refused):
    refused(
        r"mask has shape \(6, 9\), but 5 units",
        lambda attended: dataclasses.replace(attended, units=attended.units[1:]),
    )


def test_a_faithful_model_passes():
    model = faithful_model()
    words = (*NEUTRAL_WORDS[:9], POSITIVE_WORDS[0])
    preflight(model, model.prepare([Document(id="d", tokens=words)]))
