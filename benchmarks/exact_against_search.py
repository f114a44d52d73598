"""What the paper's search finds beside what there is to find, by predicted class.

    python benchmarks/exact_against_search.py MODEL [MODEL ...]

Each MODEL is a directory of a binary classifier that `attnaudit train` wrote. The search runs once
per document with the paper's settings; its attentions are accepted at either budget, and at 0.01 it
is judged at the very budget that its penalty aims at.
"""

import argparse
from pathlib import Path

import plain
import torch

from attnaudit.adversaries import exact_adversary
from attnaudit.data.audit_file import read_audit_file, read_audited_documents
from attnaudit.models import LinearReadout, load_model

BUDGETS = (0.01, 0.05)
AT_ONCE = 32


def compared(model, documents):
    """Rows (class, {budget: (exact, searched)}), one per document."""
    head, generator = model.network.head, torch.Generator().manual_seed(0)
    for start in range(0, len(documents), AT_ONCE):
        batch = model.prepare(documents[start : start + AT_ONCE])
        with torch.no_grad():
            hidden = model.network.encode(model.network.embedding(batch.token_ids), batch.mask)
            attention = model.network.attention(hidden, batch.mask)
        readout = LinearReadout(hidden @ head.weight.T, head.bias, "sigmoid")
        found, moved = plain.search(
            hidden, head.weight, head.bias, attention, batch.mask, generator=generator
        )
        values = {
            budget: (
                exact_adversary(attention, batch.mask, readout, max_tvd=budget).divergence,
                plain.accepted_divergence(found, moved, attention, max_tvd=budget).double(),
            )
            for budget in BUDGETS
        }
        predicted = readout(attention.unsqueeze(1))[:, 0].argmax(dim=1).tolist()
        for row, index in enumerate(predicted):
            numbers = {
                budget: (float(exact[row]), float(searched[row]))
                for budget, (exact, searched) in values.items()
            }
            yield model.outputs.classes[index], numbers


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("models", type=Path, nargs="+")
    print(
        "| model | predicted | documents | TVD ≤ | exact mean | exact median | searched mean ",
        end="",
    )
    print("| searched median | short by > 0.05 | search above |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for directory in parser.parse_args().models:
        model = load_model(directory, dtype=torch.float32)
        documents = read_audited_documents(read_audit_file(directory / "audit.toml"), directory)
        rows = list(compared(model, sorted(documents, key=words_of)))
        for name in model.outputs.classes:
            for budget in BUDGETS:
                pairs = torch.tensor([one[budget] for label, one in rows if label == name])
                exact, searched = pairs.double().unbind(dim=1)
                cells = [
                    directory.name,
                    name,
                    str(len(pairs)),
                    f"{budget:g}",
                    *(f"{side.mean():.3f} | {side.median():.3f}" for side in (exact, searched)),
                    f"{(exact - searched > 0.05).double().mean():.1%}",
                    str(int((searched > exact + 1e-5).sum())),
                ]
                print(f"| {' | '.join(cells)} |", flush=True)


def words_of(document):
    return len(document.tokens or (document.text or "").split())


if __name__ == "__main__":
    main()
