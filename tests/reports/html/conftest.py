"""A whole run directory, written by hand: every audit, and as many documents as a test wants."""

from html.parser import HTMLParser

import pytest

from attnaudit.records import Bound, DocumentRow, Outcome, ValueRow
from attnaudit.reports.html import render_page
from attnaudit.store.directory import create_run_directory
from attnaudit.store.run import DocumentsEntry, ModelEntry, Run, Settings, StratumRow

AUDITS = {
    "agreement": ("tau",),
    "permutation": ("tvd",),
    "adversary": ("divergence", "share-of-free-maximum"),
    "exchange": ("logit-share", "logit-share-null", "logit-share-above-null"),
}

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(2)>',
    "</p></article><h1>taken over</h1>",
    "{{ 7 * 7 }}",
    "\u202eevil\u202c",
    "\N{FAMILY}\N{ZERO WIDTH JOINER}\N{GRINNING FACE}",
    "مرحبا",
    "x" * 10_000,
    "\x00\x1b[31m",
)


class WholeRun:
    """A run of one model; what a test wants different, it changes before `finish`."""

    documents_key = "d" * 64
    classes = ("negative", "positive")

    def __init__(self, path):
        self.directory = create_run_directory(path)
        self.keys = {audit: f"{number}" * 64 for number, audit in enumerate(AUDITS)}
        self.audits = {audit: audit for audit in AUDITS}
        self.parameters = {}
        self.claims = []
        self.skipped = {}
        self.total = 0
        self.parts = 0

    def measured_again(self, audit, label):
        """Another measurement by the same audit."""
        self.audits[label] = audit
        self.keys[label] = f"{len(self.keys)}" * 64

    def add(self, *documents):
        """One part of every table."""
        described = [document_row(self.classes, **one) for one in documents]
        self.directory.documents(self.documents_key).write(
            self.parts, described, model="news", site="attention"
        )
        for label, key in self.keys.items():
            rows = [
                value_row(quantity, **one)
                for one in documents
                if one.get("skipped") is None
                for quantity in AUDITS[self.audits[label]]
            ]
            self.directory.measurement(key).write(self.parts, rows)
        self.skipped |= {one["name"]: one["skipped"] for one in documents if one.get("skipped")}
        self.total += len(documents)
        self.parts += 1

    def finish(self, **changes):
        """The run, with every part marked as whole."""
        self.directory.documents(self.documents_key).finish({})
        for label, key in self.keys.items():
            parameters = self.parameters.get(label, {})
            about = {"audit": self.audits[label], "parameters": parameters}
            self.directory.measurement(key).finish(about)
        entry = {
            "name": "news",
            "source": "models/news",
            "site": "attention",
            "digest": "w" * 64,
            "classes": self.classes,
            "device": "cpu",
            "dtype": "float64",
            "documents": DocumentsEntry(
                source="documents.jsonl", digest="x" * 64, n=self.total, skipped=self.skipped
            ),
            "documents_key": self.documents_key,
            "measurements": self.keys,
            "claims_source": "package default",
            "claims_digest": "y" * 64,
        }
        return Run(
            schema=1,
            claims=tuple(self.claims),
            undecided=(),
            models=(ModelEntry(**(entry | changes)),),
            settings=Settings(
                seed=3, claims_counted=4, level=0.006, limit=None, inconclusive="fail"
            ),
            versions={"attnaudit": "0.1.0"},
            performance={"news/attention/documents": 1.5},
        )


def document_row(classes, *, name, length=4, skipped=None, **changes):
    fields = {
        "tokens": tuple(f"word{number}" for number in range(length)),
        "label": classes[1],
        "predicted": classes[1],
        "probabilities": (0.2, 0.8) + (0.0,) * (len(classes) - 2),
        "attention": (0.97, *(0.03 / max(1, length - 1),) * (length - 1)),
    }
    if skipped is not None:
        fields = dict.fromkeys(fields)
    fields |= {"truncated": False, "special_mass": None}
    known = {key: value for key, value in changes.items() if key in fields}
    return DocumentRow(id=name, length=length, skipped=skipped, **(fields | known))


def value_row(quantity, *, name, length=4, undefined=None, kind=Bound.EXACT, **changes):
    value = float("nan") if undefined else changes.get(quantity, 0.25)
    upper = changes.get("upper", value)
    witness = {}
    if quantity == "divergence":
        found = (0.0,) * (length - 1) + (1.0,)
        witness = {
            "witness": changes.get("witness", found),
            "witness_probabilities": changes.get("after", (0.24, 0.76)),
        }
    if quantity == "tau":
        witness = {"importance": changes.get("importance")}
    return ValueRow(
        document=name,
        quantity=quantity,
        value=value,
        lower=value,
        upper=upper,
        kind=kind,
        undefined=undefined,
        **witness,
    )


@pytest.fixture
def whole_run(tmp_path, make_row):
    """An empty run with one claim per audit."""
    made = WholeRun(tmp_path / "run")
    strata = (StratumRow(name="below 0.75", n=2, undefined=1, estimate=0.5),)
    made.claims = [
        make_row(
            id="agrees", audit="agreement", quantity="tau", at_least=0.5, strata=strata,
            outcome=Outcome.INCONCLUSIVE, low=0.3, high=0.7, estimate=0.5,
        ),
        make_row(group="predicted=positive", outcome=Outcome.SUPPORTED),
        make_row(),
        make_row(
            id="no-other", audit="adversary", quantity="share-of-free-maximum",
            at_least=None, at_most=0.5, outcome=Outcome.SUPPORTED, low=0.2, high=0.3,
        ),
        make_row(
            id="special", audit="exchange", quantity="logit-share-above-null",
            at_least=None, at_most=-0.1, required=False,
        ),
    ]  # fmt: skip
    return made


@pytest.fixture
def page_of(whole_run):
    def render(*documents, **changes):
        whole_run.add(*documents)
        return render_page(whole_run.finish(**changes), whole_run.directory)

    return render


@pytest.fixture
def hostile_page(whole_run):
    """A page of a run in which everything that can come from elsewhere would rather be markup."""
    whole_run.classes = (HOSTILE[0], HOSTILE[1])
    whole_run.claims = [
        claim.model_copy(update={"model": HOSTILE[2], "statement": text})
        for claim, text in zip(whole_run.claims, HOSTILE, strict=False)
    ]
    whole_run.add(
        *(
            {"name": f"{number} {text}", "tokens": (text, *HOSTILE[:3])}
            for number, text in enumerate(HOSTILE)
        )
    )
    run = whole_run.finish(name=HOSTILE[2], source=HOSTILE[1], claims_source=HOSTILE[0])
    return render_page(run, whole_run.directory)


@pytest.fixture
def numbered():
    """Documents whose quantities grow with their number."""

    def make(count, **changes):
        return [
            {
                "name": f"d{number:02d}",
                "tau": number / count,
                "tvd": number / count,
                "share-of-free-maximum": (number + 1) / count,
            }
            | changes
            for number in range(count)
        ]

    return make


class Elements(HTMLParser):
    """Every element of a page with its attributes and the text inside it; fails if torn."""

    void = frozenset({"meta", "br", "link", "img", "input"})

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.found, self._open = [], []
        self.feed(page)
        self.close()
        assert not self._open

    def handle_starttag(self, tag, attributes):
        element = {"tag": tag, "attributes": dict(attributes), "text": ""}
        self.found.append(element)
        if tag not in self.void:
            self._open.append(element)

    def handle_startendtag(self, tag, attributes):
        self.found.append({"tag": tag, "attributes": dict(attributes), "text": ""})

    def handle_endtag(self, tag):
        assert self._open.pop()["tag"] == tag

    def handle_data(self, data):
        for element in self._open:
            element["text"] += data

    def every(self, tag, **attributes):
        return [
            one
            for one in self.found
            if one["tag"] == tag
            and all(
                value in (one["attributes"].get(name.rstrip("_")) or "").split()
                for name, value in attributes.items()
            )
        ]


@pytest.fixture
def elements():
    return Elements
