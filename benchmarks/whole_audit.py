"""What each step of an audit with the default claims costs, in forward passes over its documents.

    python benchmarks/whole_audit.py MODEL [--profile]

MODEL is a directory that `attnaudit train` wrote. Start-up, imports and reading (splitting texts
into words) are left out. A forward pass encodes and attends all documents once, in the batches of
the audit. With --profile, the share of time in Python code, and where the rest goes, of all steps
but leave-one-out.
"""

import argparse
import cProfile
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import torch

from attnaudit.models import AttentionModel
from attnaudit.models.factory import open_model
from attnaudit.records import Document
from attnaudit.runs.auditor import Auditor
from attnaudit.runs.batches import BatchLimits, in_batches
from attnaudit.runs.plan import Request, make_plan, plan_subjects
from attnaudit.store.directory import create_run_directory

FORWARD_ROUNDS = 5
WARM_UP = 50
LEAVE_ONE_OUT = "agreement leave-one-out"
KERNELS = ("torch", "numpy", "scipy", "pyarrow")
"""A function of these that is written in C shows its module or class in its profiled name."""
SHOWN = 15


def split_into_words(model, documents):
    """The documents that the model can use, read."""
    batch = model.prepare(documents)
    by_id = {one.id: one for one in documents}
    words = zip(batch.documents, batch.tokens, strict=True)
    return tuple(replace(by_id[one], text=None, tokens=tokens) for one, tokens in words)


def seconds_of_a_forward_pass(model: AttentionModel, documents: Sequence[Document]):
    """Median of some."""
    limits = BatchLimits.for_device(model.device, documents=None)
    site = model.sites[0].name
    rounds = []
    read = list(zip(documents, map(len, model.prepare(documents).tokens), strict=True))
    for _ in range(FORWARD_ROUNDS):
        begin = time.perf_counter()
        for _ in in_batches(model, read, lambda one: model.attend(one, sites=[site]), limits):
            pass
        rounds.append(time.perf_counter() - begin)
    return sorted(rounds)[FORWARD_ROUNDS // 2]


def costs(auditor, cases, forward):
    """(step, forward passes) of every case, its measuring and its verdict apart."""
    measured, verdicts = {}, 0.0
    for case in cases:
        begin = time.perf_counter()
        decision = auditor.decide(case)
        total = time.perf_counter() - begin
        new = {name: value for name, value in decision.seconds.items() if name not in measured}
        measured.update(new)
        verdicts += total - sum(new.values())
    for name, seconds in measured.items():
        yield name.rsplit("/", 1)[1], seconds / forward
    yield "verdicts", verdicts / forward


def print_profile(profile):
    """The share of Python code, and the functions that take most of the time themselves."""
    profile.create_stats()
    own = {
        f"{Path(file).name}:{line} {name}" if line else name: timing[2]
        for (file, line, name), timing in profile.stats.items()
    }
    total = sum(own.values())
    kernels = {
        name: seconds
        for name, seconds in own.items()
        if name.startswith(("{", "<")) and any(one in name for one in KERNELS)
    }
    print(f"\nPython outside kernels: {1 - sum(kernels.values()) / total:.0%}\n")
    print("| function | share of the time |")
    print("|---|---|")
    for name, seconds in sorted(own.items(), key=lambda item: -item[1])[:SHOWN]:
        print(f"| {name} | {seconds / total:.1%} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", type=Path)
    parser.add_argument("--profile", action="store_true")
    options = parser.parse_args()
    request = Request(models=(str(options.model),), device="cpu")
    [subject] = make_plan(request).subjects
    model = open_model(subject.source, device="cpu", dtype=torch.float64)
    documents = split_into_words(model, subject.documents)
    profile = cProfile.Profile()
    with tempfile.TemporaryDirectory() as folder:
        # The first documents take the time of all that is imported or made only once.
        for name, part in (("first", documents[:WARM_UP]), ("all", documents)):
            plan = plan_subjects(request, (replace(subject, documents=part),))
            directory = create_run_directory(Path(folder) / name)
            auditor = Auditor(plan, directory, models={subject.name: model})
            if name == "first":
                list(costs(auditor, plan.cases, 1.0))
        forward = seconds_of_a_forward_pass(model, documents)
        cases = plan.cases
        if options.profile:
            cases = tuple(case for case in cases if "leave-one-out" not in case.claim.id)
            profile.enable()
        steps = list(costs(auditor, cases, forward))
        profile.disable()
    print("| step | forward passes |")
    print("|---|---|")
    for name, passes in steps:
        print(f"| {name} | {passes:.1f} |")
    others = sum(passes for name, passes in steps if name not in {LEAVE_ONE_OUT, "verdicts"})
    print(f"| all measuring but leave-one-out | {others:.1f} |")
    if options.profile:
        print_profile(profile)


if __name__ == "__main__":
    main()
