"""What a run stores of documents that do not fit into a transformer, and of its special tokens."""

from dataclasses import replace

import pytest
import torch

from attnaudit.claims import default_claims
from attnaudit.records import Document
from attnaudit.reports.written import write_reports
from attnaudit.runs.api import audit
from attnaudit.runs.stored import open_run

from .conftest import VOCABULARY, transformers

SPECIAL = [VOCABULARY.index(piece) for piece in ("[PAD]", "[CLS]", "[SEP]")]


def shares_by_the_library(path, batch, reads):
    """What the weights that the library itself returns give to pieces of no audited word."""
    network = transformers.AutoModelForSequenceClassification.from_pretrained(
        path, attn_implementation="eager", dtype=torch.float64
    ).eval()
    with torch.no_grad():
        *_, last = network(
            input_ids=batch.piece_ids,
            attention_mask=batch.piece_mask.long(),
            output_attentions=True,
        ).attentions
    for row, pieces in enumerate(batch.piece_ids.tolist()):
        other = [
            place
            for place, piece in enumerate(pieces)
            if piece in SPECIAL or batch.segments[row, place] == 1
        ]
        real = int(batch.piece_mask[row].sum())
        read = [0] if reads == "first" else range(real)
        rows = [last[row, head, query] for head in range(last.shape[1]) for query in read]
        yield sum(float(one[place]) for one in rows for place in other) / len(rows)


@pytest.mark.parametrize(("family", "reads"), [("bert", "first"), ("modernbert-mean", "all")])
def test_special_tokens_and_second_texts_hold_what_the_library_says(
    family, reads, load, make_directory, texts
):
    batch = load(family).prepare([replace(texts[2], text2="was dull"), *texts[:2]])
    [attended] = load(family).attend(batch, sites=["layer.last"])
    expected = list(shares_by_the_library(make_directory(family), batch, reads))
    assert attended.special_mass.tolist() == pytest.approx(expected, abs=1e-6)
    assert min(expected) > 0.01
    assert max(expected) < 0.99


@pytest.fixture
def documents():
    """With [CLS] and [SEP] an input of sixteen pieces holds fourteen words."""
    lengths = {"short": 3, "just": 14, "long": 15, "split": 40}
    return [
        Document(id=name, tokens=("film", "dull") * 20)
        if name == "split"
        else Document(id=name, text="film " * length)
        for name, length in lengths.items()
    ]


def test_a_run_tells_what_was_cut_and_what_special_tokens_hold(load, documents, tmp_path):
    claims = default_claims()
    cheap = tuple(one for one in claims.claims if one.audit == "permutation")
    model = load("bert", tokenizer={"model_max_length": 16})
    audit(model, documents, replace(claims, claims=cheap), report=tmp_path)
    stored = open_run(tmp_path)
    [entry] = stored.run.models
    [table] = stored.documents(entry).tables()
    rows = {row["id"]: row for row in table.to_pylist()}
    lengths = {name: row["length"] for name, row in rows.items()}
    assert lengths == {"short": 3, "just": 14, "long": 14, "split": 14}
    assert [name for name, row in rows.items() if row["truncated"]] == ["long", "split"]
    assert entry.documents.truncated == 2
    shares = [row["special_mass"] for row in rows.values()]
    found = entry.special_mass
    assert (found.least, found.most) == (min(shares), max(shares))
    assert found.mean == pytest.approx(sum(shares) / 4)
    for report in write_reports(stored.run, stored.directory):
        text = report.read_text(encoding="utf-8")
        assert "2 of 4 documents could not be read whole" in text
        assert f"hold {found.mean:.1%} of the attention on average" in text
