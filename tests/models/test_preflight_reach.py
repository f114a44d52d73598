"""Attention that reaches no output is an instrument that broke, however rounding looks."""

import dataclasses

import pytest
import torch

from attnaudit.errors import PreflightError
from attnaudit.models import LinearReadout, PaperModel, ignored_attention_model
from attnaudit.models.planted import NEUTRAL_WORDS, POSITIVE_WORDS
from attnaudit.models.preflight import preflight
from attnaudit.records import Document


class Dead(PaperModel):
    """Every word of a document gives the same logit, in the first the bias taken back."""

    def __init__(self, model):
        super().__init__(model.network, model.configuration, model.vocabulary)

    def attend(self, batch, *, sites):
        [attended] = super().attend(batch, sites=sites)
        of_document = torch.arange(len(attended.units)) * 0.5 - 1.0
        scores = of_document[:, None, None] + torch.zeros_like(attended.readout.scores)
        bias = torch.ones_like(attended.readout.bias)
        readout = LinearReadout(scores, bias, attended.readout.link)
        own = readout.replace(attended.rows.unsqueeze(1)).squeeze(1)
        return (dataclasses.replace(attended, readout=readout, probabilities=own),)

    def predict_embedded(self, batch, *_, **__):
        return self.attend(batch, sites=["attention"])[0].probabilities


def test_attention_that_reaches_no_logit_is_refused():
    model = ignored_attention_model()
    documents = [
        Document(id=f"d{n}", tokens=(*NEUTRAL_WORDS[n : n + 4], POSITIVE_WORDS[0]))
        for n in range(12)
    ]
    with pytest.raises(PreflightError, match="reaches no logit") as caught:
        preflight(model, model.prepare(documents))
    assert "'d7'" in str(caught.value)
    assert "'d8'" not in str(caught.value)


@pytest.mark.parametrize(("share", "passes"), [(1e-4, True), (1e-8, False)])
def test_reach_is_judged_against_the_largest_logit(share, passes, make_model, documents):
    model = make_model(encoder="average")
    model.network.head.weight.mul_(share)
    model.network.head.bias.fill_(1.0)
    if passes:
        preflight(model, model.prepare(documents))
    else:
        with pytest.raises(PreflightError, match="reaches no logit"):
            preflight(model, model.prepare(documents))


def test_rounding_beside_a_logit_near_zero_is_no_reach(make_model, documents):
    model = Dead(make_model(encoder="cnn", dtype=torch.float32))
    batch = model.prepare(documents)
    [attended] = model.attend(batch, sites=["attention"])
    near_zero = attended.readout.logits(attended.attention.unsqueeze(1))[0].abs().max()
    assert 0 < near_zero < 1e-6, "the control needs a logit that is nothing but rounding"
    with pytest.raises(PreflightError, match="reaches no logit"):
        preflight(model, batch)


def test_documents_of_one_word_or_one_repeated_word_say_nothing_about_reach(make_model):
    model = make_model(encoder="average")
    words = (("film",), ("great", "great", "great"))
    documents = [Document(id=str(n), tokens=tokens) for n, tokens in enumerate(words * 5)]
    preflight(model, model.prepare(documents))
    distinct = Document(id="last", tokens=("film", "great"))
    ignored = ignored_attention_model()
    preflight(ignored, ignored.prepare(documents))
    with pytest.raises(PreflightError, match="of documents 'last' moves"):
        preflight(ignored, ignored.prepare([*documents, distinct]))


def test_reach_is_found_beyond_the_first_block_of_tokens(make_model):
    model = make_model(encoder="average")
    words = ("film",) * 600 + ("great",)
    preflight(model, model.prepare([Document(id="long", tokens=words)]))
