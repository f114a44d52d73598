"""Time, memory and size of a report as its documents grow in number.

    python benchmarks/report_of_many.py [--documents 2500 25000] [--words 150]

Run directories of random numbers with the default claims, one claim per measurement and quantity,
are rendered by `attnaudit report` in a fresh process. Prints its wall time and peak resident
memory, libraries included, and the size of the page.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from attnaudit.claims import default_claims
from attnaudit.records import DocumentRow, Outcome, ValueRow
from attnaudit.store.directory import create_run_directory
from attnaudit.store.keys import digest_of
from attnaudit.store.run import ClaimRow, DocumentsEntry, ModelEntry, Run, Settings, write_run

CLASSES = ("negative", "positive")
PER_PART = 1_000
# As many as the exchange stores: those that nobody claims must be passed over too.
OTHERS = tuple(f"other-{number}" for number in range(25))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--documents", type=int, nargs="+", default=[2_500, 25_000])
    parser.add_argument("--words", type=int, default=150)
    arguments = parser.parse_args()
    print("| documents | words of each | seconds | of one core | peak memory, MiB | page, MB |")
    print("|---|---|---|---|---|---|")
    for count in arguments.documents:
        with tempfile.TemporaryDirectory() as folder:
            write_random_run(Path(folder), count, arguments.words)
            begin = time.perf_counter()
            usage = rendering(Path(folder))
            seconds = time.perf_counter() - begin
            size = (Path(folder) / "report.html").stat().st_size / 1e6
        core, peak = usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024
        numbers = f"{seconds:.1f} | {core:.1f} | {peak:.0f} | {size:.2f}"
        print(f"| {count} | {arguments.words} | {numbers} |")


def rendering(folder):
    """What a process that renders the run used: a busy machine makes it wait, and not work more."""
    command = [sys.executable, "-m", "attnaudit.cli", "report", str(folder)]
    session = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(session.pid, 0)
    if os.waitstatus_to_exitcode(status) != 0:
        raise SystemExit(f"{' '.join(command)} failed")
    return usage


def write_random_run(folder, count, words):
    directory = create_run_directory(folder)
    claims = default_claims().claims
    measurements = {f"{one.audit} {one.parameters}": one for one in claims}
    keys = {label: digest_of({"label": label}) for label in measurements}
    documents = directory.documents(digest_of({}))
    generator = np.random.default_rng(0)
    vocabulary = [f"word{number}" for number in range(20_000)]
    for part, start in enumerate(range(0, count, PER_PART)):
        names = [f"document-{number}" for number in range(start, min(count, start + PER_PART))]
        documents.write(
            part,
            [document_row(name, generator, vocabulary, words) for name in names],
            model="random",
            site="attention",
        )
        for label, key in keys.items():
            audit = measurements[label].audit
            values = [row for name in names for row in value_rows(name, audit, generator, words)]
            directory.measurement(key).write(part, values)
    documents.finish({})
    for label, key in keys.items():
        directory.measurement(key).finish({"audit": measurements[label].audit, "parameters": {}})
    entry = ModelEntry(
        name="random",
        source="random",
        site="attention",
        digest="0",
        classes=CLASSES,
        device="cpu",
        dtype="float64",
        documents=DocumentsEntry(source="random", digest="0", n=count, skipped={}),
        documents_key=digest_of({}),
        measurements=keys,
        claims_source="package default",
        claims_digest="0",
    )
    run = Run(
        schema=1,
        claims=tuple(claim_row(claim) for claim in claims),
        models=(entry,),
        settings=Settings(
            seed=0, claims_counted=len(claims), level=0.01, limit=None, inconclusive="fail"
        ),
        versions={},
        performance={},
    )
    write_run(directory.run_file, run)


def claim_row(claim):
    return ClaimRow(
        id=claim.id,
        audit=claim.audit,
        model="random",
        site="attention",
        group="overall",
        statement=claim.statement,
        quantity=claim.quantity,
        statistic=claim.statistic,
        outcome=Outcome.INCONCLUSIVE,
        at_least=claim.at_least,
        at_most=claim.at_most,
        inference=claim.inference,
        required=claim.required,
    )


def document_row(name, generator, vocabulary, words):
    probability = float(generator.random())
    return DocumentRow(
        id=name,
        tokens=tuple(vocabulary[one] for one in generator.integers(0, len(vocabulary), words)),
        label=CLASSES[int(generator.integers(2))],
        predicted=CLASSES[int(probability > 0.5)],
        probabilities=(1 - probability, probability),
        attention=tuple(generator.dirichlet(np.full(words, 0.1)).tolist()),
        length=words,
    )


def beside_null(quantity):
    return quantity, f"{quantity}-null", f"{quantity}-above-null"


def value_rows(name, audit, generator, words):
    quantities = {
        "agreement": (*beside_null("tau"), "p-value", "tau-ceiling"),
        "permutation": (*beside_null("tvd"), "logit-mean", "logit-deviation", "alignment"),
        "adversary": (*beside_null("divergence"), *beside_null("share-of-free-maximum")),
        "exchange": (*beside_null("output-share"), *beside_null("logit-share"), *OTHERS[:22]),
        "inversion": (*beside_null("decision-weakened"), *OTHERS[:16]),
        "randomisation": (*beside_null("tau"), *beside_null("divergence")),
    }[audit]
    for quantity in quantities:
        value = float(generator.random()) * 0.69
        row = ValueRow(document=name, quantity=quantity, value=value, lower=value, upper=value)
        if audit == "adversary" and quantity == "divergence":
            witness = tuple(generator.dirichlet(np.full(words, 0.1)).tolist())
            row = replace(row, witness=witness, witness_probabilities=(0.5, 0.5))
        if audit == "agreement" and quantity == "tau":
            row = replace(row, importance=tuple(generator.dirichlet(np.full(words, 0.1)).tolist()))
        yield row


if __name__ == "__main__":
    main()
