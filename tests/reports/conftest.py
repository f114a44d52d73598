"""A run directory as an audit leaves it, with witnesses written by hand."""

import pytest

from attnaudit.claims import AdversaryClaim, PermutationClaim
from attnaudit.records import Bound, DocumentRow, Outcome, ValueRow
from attnaudit.store.directory import create_run_directory
from attnaudit.store.run import ClaimRow, DocumentsEntry, ModelEntry, Run, Settings


@pytest.fixture
def make_row():
    def make(**changes):
        fields = {
            "id": "order-matters",
            "audit": "permutation",
            "model": "news",
            "site": "attention",
            "group": "overall",
            "statement": "Shuffling attention changes the output",
            "quantity": "tvd",
            "statistic": "mean",
            "outcome": Outcome.REFUTED,
            "estimate": 0.0123,
            "low": 0.01,
            "high": 0.02,
            "at_least": 0.1,
            "n": 200,
            "kind": "exact",
            "inference": "necessary",
            "required": True,
        }
        return ClaimRow(**(fields | changes))

    return make


@pytest.fixture
def swept(make_row):
    """Rows of one claim at some heads, whole layers and other sites."""

    def make(*sites, **changes):
        return [make_row(site=site, **changes) for site in sites]

    return make


@pytest.fixture
def make_claim():
    def make(kind=PermutationClaim, **changes):
        audit = {PermutationClaim: "permutation", AdversaryClaim: "adversary"}[kind]
        fields = {"id": "a-claim", "statement": "s", "audit": audit, "at_least": 0.5}
        return kind(**(fields | {"kind": "agreement", "inference": "necessary"} | changes))

    return make


@pytest.fixture
def make_run():
    """A run about one model with these rows."""

    def make(*rows, **changes):
        documents = DocumentsEntry(source="20news-sports", digest="d" * 64, n=200, skipped={})
        entry = ModelEntry(
            name="news",
            source="runs/news",
            site="attention",
            digest="w" * 64,
            classes=("baseball", "hockey"),
            device="cpu",
            dtype="float64",
            documents=documents,
            documents_key=Stored.documents_key,
            claims_source="package default",
            claims_digest="c" * 64,
        )
        settings = Settings(seed=0, claims_counted=7, level=0.1, limit=None, inconclusive="fail")
        fields = {
            "schema": 1,
            "claims": rows,
            "models": (entry,),
            "settings": settings,
            "versions": {"attnaudit": "0.1.0"},
            "performance": {},
        }
        return Run(**(fields | changes))

    return make


class Stored:
    """A run directory with one model and one measurement, of an adversary if not said otherwise."""

    values_key, documents_key = "1" * 64, "2" * 64
    audit = "adversary"

    def __init__(self, path):
        self.directory = create_run_directory(path)
        self.values = self.directory.measurement(self.values_key)
        self.documents = self.directory.documents(self.documents_key)
        self.parts = 0

    def add(self, *documents):
        """One part of each table, with these documents in it."""
        values = [row for one in documents for row in one["values"]]
        self.values.write(self.parts, values)
        described = [one["document"] for one in documents]
        self.documents.write(self.parts, described, model="news", site="attention")
        self.parts += 1

    def finish(self, **parameters):
        """Say that all parts are there."""
        self.documents.finish({})
        self.values.finish({"audit": self.audit, "parameters": parameters})


@pytest.fixture
def stored(tmp_path):
    return Stored(tmp_path / "run")


@pytest.fixture
def make_document():
    """A document with its values; `divergence` is stored as given, whatever the weights are."""

    def make(name, divergence, **changes):
        fields = {
            "tokens": ("the", "film", "was", "great"),
            "original": (0.1, 0.2, 0.1, 0.6),
            "found": (0.9, 0.0, 0.1, 0.0),
            "predicted": "positive",
            "probabilities": (0.2, 0.8),
            "after": (0.25, 0.75),
            "upper": divergence,
            "kind": Bound.EXACT,
            "text2": None,
            "truncated": False,
            "special_mass": None,
        } | changes
        document = DocumentRow(
            id=name,
            tokens=fields["tokens"],
            label=None,
            predicted=fields["predicted"],
            probabilities=fields["probabilities"],
            attention=fields["original"],
            length=len(fields["original"]),
            text2=fields["text2"],
            truncated=fields["truncated"],
            special_mass=fields["special_mass"],
        )
        numbers = {"value": divergence, "lower": divergence, "upper": fields["upper"]}
        values = [
            ValueRow(
                document=name,
                quantity="divergence",
                kind=fields["kind"],
                witness=fields["found"],
                witness_probabilities=fields["after"],
                **numbers,
            ),
            ValueRow(document=name, quantity="share", value=1.0, lower=1.0, upper=1.0),
        ]
        return {"document": document, "values": values}

    return make
