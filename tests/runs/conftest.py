"""Stored runs about models of known truth, as an audit leaves them."""

import shutil
from dataclasses import replace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import torch

import attnaudit
from attnaudit.claims import load_claims
from attnaudit.models import PaperModel, faithful_model, uniform_attention_model
from attnaudit.runs.stored import StoredRun, open_run


class ReadsTheBeginning(PaperModel):
    """Its longest input holds some words; it gives away a share of its attention elsewhere."""

    def __init__(self, model, *, longest, special_mass):
        super().__init__(model.network, model.configuration, model.vocabulary)
        self.longest, self.special_mass = longest, special_mass

    def prepare(self, documents):
        whole = super().prepare(documents)
        cut = [
            replace(one, tokens=words[: self.longest], text=None)
            for one, words in zip(documents, whole.tokens, strict=True)
        ]
        longer = [len(words) > self.longest for words in whole.tokens]
        names = tuple(name for name, cut in zip(whole.documents, longer, strict=True) if cut)
        return replace(super().prepare(cut), truncated=names)

    def attend(self, batch, *, sites):
        shares = torch.full((len(batch.documents),), self.special_mass, dtype=torch.float64)
        seen = super().attend(batch, sites=sites)
        return tuple(replace(attended, special_mass=shares) for attended in seen)


@pytest.fixture
def reading_the_beginning():
    """A model that reads no more than some words of a document."""

    def make(model, *, longest, special_mass=0.25):
        return ReadsTheBeginning(model, longest=longest, special_mass=special_mass)

    return make


@pytest.fixture
def claim_text():
    """One claim of a claims file: by default that shuffling attention changes the output."""

    def text(name, *, audit="permutation", limit="at_least = 0.1", **keys):
        fields = {"id": name, "statement": "s", "audit": audit, "kind": "faithfulness"}
        lines = [f'{key} = "{value}"' for key, value in fields.items()]
        lines += [f"{key} = {value}" for key, value in keys.items()]
        return "\n".join(["[[claim]]", *lines, 'inference = "necessary"', limit])

    return text


@pytest.fixture
def write_claims(tmp_path):
    """A claims file with some claims in it, read."""

    def write(*claims, name="claims.toml"):
        path = tmp_path / name
        path.write_text("\n".join(["schema = 1", *claims]) + "\n")
        return load_claims(path)

    return write


@pytest.fixture(scope="session")
def faithful_run(planted_documents, tmp_path_factory):
    """The package's claims about attention on the one word that decides: all supported."""
    path = tmp_path_factory.mktemp("faithful") / "run"
    attnaudit.audit(faithful_model(), planted_documents, report=path)
    return open_run(path)


@pytest.fixture(scope="session")
def uniform_run(planted_documents, tmp_path_factory):
    """The same claims about attention that is the same everywhere."""
    path = tmp_path_factory.mktemp("uniform") / "run"
    attnaudit.audit(uniform_attention_model(), planted_documents, report=path)
    return open_run(path)


@pytest.fixture
def audited(tmp_path):
    """A run of one's own."""

    def run(model, documents, claims=None, *, name="run", **options):
        attnaudit.audit(model, documents, claims, report=tmp_path / name, **options)
        return open_run(tmp_path / name)

    return run


@pytest.fixture
def changed():
    """The same measurements with another run.json; `entry` changes what it says of the model."""

    def change(stored, *, entry=None, **fields):
        if entry is not None:
            [model] = stored.run.models
            fields["models"] = (model.model_copy(update=entry),)
        return StoredRun(stored.directory, stored.run.model_copy(update=fields))

    return change


@pytest.fixture
def with_values(tmp_path):
    """A copy of a run in which a function has changed all stored values of an audit."""

    def copy(stored, audit, change):
        path = tmp_path / "copy"
        shutil.copytree(stored.directory.path, path)
        for part in path.glob("measurements/*/part-*.parquet"):
            about = (part.parent / "measurement.json").read_text()
            if f'"{audit}"' not in about:
                continue
            table = pq.read_table(part)
            for name in ("value", "lower", "upper"):
                place = table.schema.get_field_index(name)
                numbers = [change(one) for one in table[name].to_pylist()]
                table = table.set_column(place, name, pa.array(numbers, pa.float64()))
            pq.write_table(table, part)
        return open_run(path)

    return copy
