"""How narrow the interval of several classes is on trained models, by predicted class.

    python benchmarks/interval_on_models.py [--limit N] MODEL [MODEL ...]

Each MODEL is a directory of a classifier of three or more classes that `attnaudit train` wrote. The
adversary is that of the audit, on the documents of the model's own audit file.
"""

import argparse
from dataclasses import dataclass
from pathlib import Path

import torch

from attnaudit.adversaries import interval_adversary
from attnaudit.data.audit_file import read_audit_file, read_audited_documents
from attnaudit.models import load_model

MAX_TVD = 0.05
AT_ONCE = 32
HEADS = (
    *("model", "predicted", "documents", "mean words"),
    *("lower", "upper", "width, mean", "width, largest"),
)


@dataclass(frozen=True, kw_only=True)
class Enclosed:
    """One document; the ends of the interval in nats."""

    predicted: str
    words: int
    lower: float
    upper: float


def enclosed(model, documents):
    """One `Enclosed` per document that the model can use."""
    for start in range(0, len(documents), AT_ONCE):
        batch = model.prepare(documents[start : start + AT_ONCE])
        with torch.no_grad():
            [attended] = model.attend(batch, sites=[model.sites[0].name])
        found = interval_adversary(
            attended.attention, attended.mask, attended.readout, max_tvd=MAX_TVD
        )
        predicted = attended.probabilities.argmax(dim=1).tolist()
        for row, length in enumerate(batch.lengths.tolist()):
            yield Enclosed(
                predicted=model.outputs.classes[predicted[row]],
                words=length,
                lower=float(found.divergence[row]),
                upper=float(found.upper_bound[row]),
            )


def cells(rows):
    lower, upper, words = torch.tensor(
        [(one.lower, one.upper, one.words) for one in rows], dtype=torch.float64
    ).unbind(dim=1)
    width = upper - lower
    numbers = (lower.mean(), upper.mean(), width.mean(), width.max())
    return (str(len(rows)), f"{words.mean():.1f}", *(f"{number:.4f}" for number in numbers))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("models", type=Path, nargs="+", metavar="MODEL")
    parser.add_argument("--limit", type=int, help="documents of each model, the first ones")
    given = parser.parse_args()
    print(f"| {' | '.join(HEADS)} |\n{'|---' * len(HEADS)}|")
    for directory in given.models:
        model = load_model(directory, dtype=torch.float64)
        documents = read_audited_documents(read_audit_file(directory / "audit.toml"), directory)
        rows = list(enclosed(model, documents[: given.limit]))
        classes = model.outputs.classes
        groups = {name: [one for one in rows if one.predicted == name] for name in classes}
        for name, group in (groups | {"all": rows}).items():
            # A class that is never predicted has no mean.
            if group:
                print(f"| {' | '.join((directory.name, name, *cells(group)))} |", flush=True)


if __name__ == "__main__":
    main()
