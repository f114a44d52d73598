"""Every construction of known truth with documents it is meant for."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from attnaudit.models.planted.average import (
    faithful_model,
    misdirected_model,
    one_class_model,
    uniform_attention_model,
)
from attnaudit.models.planted.by_rule import (
    averaging_model,
    blind_model,
    leaking_model,
    redundant_model,
)
from attnaudit.models.planted.documents import planted_documents
from attnaudit.models.planted.mixtures import (
    collapsed_model,
    sometimes_blind_model,
    sometimes_misdirected_model,
)
from attnaudit.models.protocol import AttentionModel
from attnaudit.records import Document

_COPIES = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Construction:
    """A model and its documents.

    Attributes:
        name: One word or two.
        truth: What is known about its attention.
        model: Makes the model.
        documents: Makes so many documents from a source of randomness.
    """

    name: str
    truth: str
    model: Callable[[], AttentionModel]
    documents: Callable[[int, np.random.Generator], tuple[Document, ...]]


def constructions() -> tuple[Construction, ...]:
    """The eight pure constructions; `mixtures` has those of two kinds of documents."""
    return (
        Construction(
            name="faithful",
            truth="attention is on the one word that decides",
            model=faithful_model,
            documents=_single,
        ),
        Construction(
            name="blind",
            truth="attention knows nothing of the words",
            model=blind_model,
            documents=_single,
        ),
        Construction(
            name="misdirected",
            truth="the word that decides has the least attention",
            model=misdirected_model,
            documents=_single,
        ),
        Construction(
            name="averaging",
            truth="every position holds the same, so attention changes nothing",
            model=averaging_model,
            documents=_single,
        ),
        Construction(
            name="uniform",
            truth="attention is the same everywhere",
            model=uniform_attention_model,
            documents=_single,
        ),
        Construction(
            name="one class",
            truth="attention is on the word that decides in one class, constant in the other",
            model=one_class_model,
            documents=_positive_evidence,
        ),
        Construction(
            name="redundant",
            truth="attention is on one of three words that each decide alone",
            model=redundant_model,
            documents=_copied,
        ),
        Construction(
            name="leaking",
            truth="attention is on the word that decides, whose neighbours hold it too",
            model=leaking_model,
            documents=_single,
        ),
    )


def mixtures() -> tuple[Construction, ...]:
    """The five constructions that are faithful in some documents and something else in others."""
    return (
        Construction(
            name="half faithful",
            truth="attention is on the word that decides in one of two documents, else blind",
            model=partial(sometimes_blind_model, faithful_share=0.5),
            documents=_single,
        ),
        Construction(
            name="mostly faithful",
            truth="attention is blind in two documents of a hundred",
            model=partial(sometimes_blind_model, faithful_share=0.98),
            documents=_single,
        ),
        Construction(
            name="rarely faithful",
            truth="attention is on the word that decides in two documents of a hundred, else blind",
            model=partial(sometimes_blind_model, faithful_share=0.02),
            documents=_single,
        ),
        Construction(
            name="rarely misdirected",
            truth="the word that decides has the least attention in two documents of a hundred",
            model=partial(sometimes_misdirected_model, faithful_share=0.98),
            documents=_single,
        ),
        Construction(
            name="collapsed",
            truth="attention is uniform in 95 documents of a hundred, right in the rest",
            model=collapsed_model,
            documents=_single,
        ),
    )


def _single(count: int, generator: np.random.Generator) -> tuple[Document, ...]:
    return planted_documents(count, generator=generator)


def _copied(count: int, generator: np.random.Generator) -> tuple[Document, ...]:
    return planted_documents(count, generator=generator, copies=_COPIES)


def _positive_evidence(count: int, generator: np.random.Generator) -> tuple[Document, ...]:
    return planted_documents(count, generator=generator, evidence="positive")
