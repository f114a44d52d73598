"""Writes published.csv from tables of the result files that the paper's authors committed.

    python -m attnaudit.reproduction.published_tables RESULTS.csv LITERATURE.md

RESULTS.csv has columns experiment, dataset, encoder, attention, label, statistic, value: one number
of the authors' folder graph_outputs/ a row. LITERATURE.md has a Markdown table of the permutation
medians, read back from the authors' vector graphics, which are published as pictures only.
"""

import csv
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from attnaudit.errors import DataError
from attnaudit.files import write_whole

FILE = Path(__file__).with_name("published.csv")

_SOURCE = (
    "# Numbers in the result files of the authors of Jain & Wallace (2019): github.com/",
    "# successar/AttentionExplanation, folder graph_outputs/, commit 425a89a4 (2 November 2019).",
    "# search:* and permutation:* were read back from the vector graphics there, to about 0.01.",
    "# Written by attnaudit.reproduction.published_tables.",
)
# Not GradientPval and pyxc-pyc_pval without a suffix: leftovers of another quantity. Not
# GradientLOOPval_kendalltau either, which is attention against leave-one-out in spite of its name.
_QUANTITIES = {
    "GradientPval_kendalltau": "tau-gradient",
    "pyxc-pyc_pval_kendalltau": "tau-leave-one-out",
    "CorrStats_kendalltau:gl": "tau-gradient-leave-one-out",
    "eMaxJDS_Hist": "search",
    "evaluate": "model",
}
_STATISTICS = {
    "mean": "mean",
    "std": "std",
    "pval_sig": "significant",
    "hist_mean": "mean",
    "hist_median": "median",
    "accuracy": "accuracy",
}
_TASKS = {
    "sst": "sst",
    "imdb": "imdb",
    "20News_sports": "20news-sports",
    "agnews": "agnews",
    "tweet": "adr",
    "diab": "diabetes",
    "anemia": "anemia",
    "snli": "snli",
    "cnn": "cnn",
    "babi_1": "babi-1",
    "babi_2": "babi-2",
    "babi_3": "babi-3",
}
_ENCODERS = {"lstm": "bilstm", "cnn": "cnn", "average": "average"}
_ATTENTIONS = {"tanh": "additive", "dot": "dot"}
_MEDIANS = "| dataset (class) | BiLSTM, bins"
_TITLES = {
    "SST": "sst",
    "IMDB": "imdb",
    "20News sports": "20news-sports",
    "AG News": "agnews",
    "ADR Tweets": "adr",
    "Diabetes": "diabetes",
    "Anemia": "anemia",
    "SNLI": "snli",
    "CNN QA": "cnn",
    "bAbI 1": "babi-1",
    "bAbI 2": "babi-2",
    "bAbI 3": "babi-3",
}
_TITLE = re.compile(r"(?P<title>.*?)(?: \((?P<label>\d)\))?")


class _Row(NamedTuple):
    task: str
    encoder: str
    attention: str
    group: str
    quantity: str
    value: str


def published_table(results: Path, literature: Path) -> bytes:
    """The content of published.csv.

    Args:
        results: The csv of results.
        literature: The Markdown file with the permutation medians.

    Raises:
        DataError: If either lacks what is looked for.
    """
    rows = [*_results(results), *_medians(literature)]
    if not rows:
        raise DataError(f"{results} holds none of the experiments {', '.join(_QUANTITIES)}.")
    lines = io.StringIO()
    lines.writelines(f"{line}\n" for line in _SOURCE)
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(_Row._fields)
    writer.writerows(sorted(rows))
    return lines.getvalue().encode()


def _results(path: Path) -> Iterator[_Row]:
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            experiment, statistic = row["experiment"], row["statistic"]
            known = experiment in _QUANTITIES and statistic in _STATISTICS
            if not known or row["dataset"] not in _TASKS:
                continue
            value = row["value"]
            yield _Row(
                _TASKS[row["dataset"]],
                _ENCODERS[row["encoder"]],
                _ATTENTIONS[row["attention"]],
                "all" if row["label"] == "Overall" else row["label"],
                f"{_QUANTITIES[experiment]}:{_STATISTICS[statistic]}",
                value if value == "nan" else f"{float(value):.6g}",
            )


def _medians(path: Path) -> Iterator[_Row]:
    lines = iter(path.read_text(encoding="utf-8").splitlines())
    if not any(line.startswith(_MEDIANS) for line in lines):
        raise DataError(f"{path} has no table that begins with {_MEDIANS!r}.")
    next(lines)
    for line in lines:
        if not line.startswith("|"):
            return
        name, *columns = (cell.strip() for cell in line.strip("|").split("|"))
        matched = _TITLE.fullmatch(name)
        if matched is None or matched["title"] not in _TITLES:
            continue
        for encoder, cells in zip(("bilstm", "cnn", "average"), columns, strict=True):
            for number, value in enumerate(cells.split(" / "), start=1):
                if value != "–":  # noqa: RUF001  # as the table has it
                    yield _Row(
                        _TITLES[matched["title"]],
                        encoder,
                        "additive",
                        matched["label"] or "all",
                        f"permutation:bin-{number}",
                        value,
                    )


if __name__ == "__main__":
    write_whole(FILE, published_table(*map(Path, sys.argv[1:3])))
