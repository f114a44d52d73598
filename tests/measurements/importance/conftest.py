"""One document at a time, and slopes by differences: what batched backward passes must equal."""

import pytest
import torch

from attnaudit.models import PaperModel
from attnaudit.models.protocol import Batch, Outputs

STEP = 1e-6


class IndependentLabels(PaperModel):
    """The logits of several classes, each with a sigmoid of its own."""

    @property
    def outputs(self):
        return Outputs(classes=self.configuration.classes, kind="multilabel")


class Alone:
    """One document, and what is explained as a function of its embeddings or its attention."""

    def __init__(self, model, document):
        self.model = model
        self.batch = model.prepare([document])
        self.embeddings = model.embed(self.batch)
        network, mask = model.network, self.batch.mask
        self.hidden = network.encode(self.embeddings, mask)
        self.attention = network.attention(self.hidden, mask)
        self.predicted = int(network.decode(self.hidden, self.attention).argmax())

    def following(self, embeddings):
        hidden = self.model.network.encode(embeddings, self.batch.mask)
        return self.explained(hidden, self.model.network.attention(hidden, self.batch.mask))

    def frozen(self, embeddings):
        hidden = self.model.network.encode(embeddings, self.batch.mask)
        return self.explained(hidden, self.attention)

    def attending(self, attention):
        return self.explained(self.hidden, attention)

    def explained(self, hidden, attention):
        """One sigmoid, the class that is predicted in the end, or every label."""
        [logits] = self.model.network.decode(hidden, attention)
        if self.model.outputs.kind == "softmax":
            return torch.softmax(logits, dim=0)[self.predicted : self.predicted + 1]
        return torch.sigmoid(logits)

    @staticmethod
    def slope(function, place, direction):
        """Central difference of each output along a direction."""
        ahead, behind = (function(place + sign * STEP * direction) for sign in (1, -1))
        return (ahead - behind) / (2 * STEP)

    @staticmethod
    def only(values, token):
        """[1 tokens ...] with all tokens but one set to zero."""
        kept = torch.zeros_like(values)
        kept[:, token] = values[:, token]
        return kept


@pytest.fixture
def alone():
    return Alone


@pytest.fixture
def make_explained(make_model):
    """A model of each kind of output."""

    def make(*, kind, **changes):
        if kind == "binary":
            return make_model(**changes)
        model = make_model(classes=("a", "b", "c"), kind="softmax", **changes)
        if kind == "softmax":
            return model
        labels = IndependentLabels(model.network, model.configuration, model.vocabulary)
        labels._link = "multilabel"
        return labels

    return make


class Masking(PaperModel):
    """The same model, which takes its word for padding inside a text for its mask token."""

    def masked(self, batch, places):
        rows = [row for row, _ in places]
        token_ids = batch.token_ids[rows].clone()
        for entry, (_, token) in enumerate(places):
            token_ids[entry, token] = 0
        return Batch(
            documents=tuple(batch.documents[row] for row in rows),
            tokens=tuple(batch.tokens[row] for row in rows),
            token_ids=token_ids,
            mask=batch.mask[rows],
        )


@pytest.fixture
def make_masking(make_model):
    def make(**changes):
        model = make_model(**changes)
        return Masking(model.network, model.configuration, model.vocabulary)

    return make
