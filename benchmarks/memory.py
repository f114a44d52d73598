"""Peak memory of an audit as its documents grow in number.

    python benchmarks/memory.py [--documents 10000 100000]

Short documents are drawn from the words of the embedded model's own, and audited with all default
claims, each set by a fresh process. Prints the peak resident memory of each, libraries included.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from attnaudit.runs.plan import embedded_directory

WORDS = (5, 15)


def write_documents(path, count):
    """Write `count` documents of a few words, drawn from those of the embedded documents."""
    embedded = embedded_directory() / "documents.jsonl"
    lines = embedded.read_text(encoding="utf-8").splitlines()
    vocabulary = sorted({word for line in lines for word in words_of(json.loads(line))})
    generator = np.random.default_rng(0)
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            words = generator.choice(vocabulary, size=generator.integers(*WORDS))
            file.write(json.dumps({"id": f"document-{number}", "text": " ".join(words)}) + "\n")


def words_of(record):
    return record.get("tokens") or record["text"].split()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--documents", type=int, nargs="+", default=[10_000, 100_000])
    print("| documents | peak memory, MiB |")
    print("|---|---|")
    for count in parser.parse_args().documents:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "documents.jsonl"
            write_documents(path, count)
            print(f"| {count} | {peak_mebibytes(path):.0f} |", flush=True)


def peak_mebibytes(documents):
    """Of one session that audits the embedded model on these documents."""
    audits = Path(__file__).parents[1] / "audits"
    command = [sys.executable, "-m", "pytest", "-q", str(audits), f"--data={documents}"]
    session = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(session.pid, 0)
    if os.waitstatus_to_exitcode(status) not in {0, 1}:
        raise SystemExit(f"{' '.join(command)} could not audit")
    return usage.ru_maxrss / 1024


if __name__ == "__main__":
    main()
