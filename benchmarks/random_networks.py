"""What nulls of random weights cost, in forward passes over the same documents.

    python benchmarks/random_networks.py MODEL [--documents N]

MODEL is a directory that an audit accepts and that names its documents. Attention of the random
network of each document, and of that and the next one, with the networks kept from batch to batch
and with each drawn again for every batch. The pass beside it is the model's own. What counts is
the processor's time.
"""

import argparse
import time
from collections.abc import Sequence
from pathlib import Path

import torch

from attnaudit.measurements import untrained
from attnaudit.measurements.untrained import models_with_untrained_encoder, untrained_models
from attnaudit.models import AttentionModel
from attnaudit.models.factory import open_model
from attnaudit.records import Document
from attnaudit.runs.batches import BatchLimits, in_batches
from attnaudit.runs.plan import Request, make_plan

ROUNDS = 2
NULLS = (("agreement", untrained_models, 1), ("randomisation", models_with_untrained_encoder, 2))


def seconds(run):
    """Of the processor, in the fastest of some rounds after one that is not counted."""
    rounds = []
    for _ in range(ROUNDS + 1):
        begin = time.process_time()
        run()
        rounds.append(time.process_time() - begin)
    return min(rounds[1:])


def over_all(model: AttentionModel, documents: Sequence[Document], work):
    """Seconds of some work on all documents, in the batches of an audit."""
    limits = BatchLimits.for_device(model.device, documents=None)
    read = [
        (one, len(words))
        for one, words in zip(documents, model.prepare(documents).tokens, strict=True)
    ]
    return seconds(lambda: list(in_batches(model, read, work, limits)))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", type=Path)
    parser.add_argument("--documents", type=int, default=200)
    given = parser.parse_args()
    request = Request(models=(str(given.model),), device="cpu", limit=given.documents)
    [subject] = make_plan(request).subjects
    model = open_model(subject.source, device="cpu", dtype=torch.float64)
    site = model.sites[0].name
    forward = over_all(model, subject.documents, lambda batch: model.attend(batch, sites=[site]))
    print("| null | networks | forward passes |")
    print("|---|---|---|")
    for name, make, count in NULLS:
        for kept, limit in (("kept", 2**40), ("drawn for every batch", 0)):
            untrained.KEPT_BYTES = limit
            nulls = make(model, seed=0)
            spent = over_all(
                model,
                subject.documents,
                lambda batch, nulls=nulls, count=count: nulls.attentions(
                    batch, site=site, count=count
                ),
            )
            print(f"| {name} | {kept} | {spent / forward:.1f} |")


if __name__ == "__main__":
    main()
