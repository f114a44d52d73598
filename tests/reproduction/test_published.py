"""Which of the published numbers are taken, and under which name."""

import csv
import io
from pathlib import Path

import pytest

from attnaudit.errors import DataError
from attnaudit.reproduction.published import published_values, resolution
from attnaudit.reproduction.published_tables import FILE, published_table
from attnaudit.reproduction.tasks import ATTENTIONS, ENCODERS, TASKS

REFERENCE = Path(__file__).parents[2] / "../shared/reference"
COLUMNS = "experiment,dataset,encoder,attention,label,statistic,value"
TABLE = """\
| another | table |
|---|---|
| SST (0) | 9 / 9 / 9 / 9 | 9 | 9 |

| dataset (class) | BiLSTM, bins 0-.25 / .25-.5 / .5-.75 / .75-1 | CNN | Average |
|---|---|---|---|
| SST (0) | 0.1 / 0.2 / 0.3 / 0.4 | 0.5 / – / – / – | – / 0.6 / – / – |
| bAbI 1 | 0.7 / – / – / – | – / – / – / – | – / – / – / – |
| Mortality (0) | 0.1 / 0.1 / 0.1 / 0.1 | 0.1 / – / – / – | – / 0.1 / – / – |

after it
"""  # noqa: RUF001


@pytest.fixture
def rows(tmp_path):
    def of(*lines, table=TABLE):
        results, literature = tmp_path / "results.csv", tmp_path / "literature.md"
        results.write_text("\n".join([COLUMNS, *lines]) + "\n")
        literature.write_text(table)
        text = published_table(results, literature).decode()
        body = [line for line in text.splitlines() if not line.startswith("#")]
        return {tuple(row.values())[:5]: row["value"] for row in csv.DictReader(body)}

    return of


def test_a_correlation_is_named_after_what_it_correlates(rows):
    found = rows(
        "GradientPval_kendalltau,sst,lstm,tanh,0,mean,0.343248229",
        "pyxc-pyc_pval_kendalltau,sst,lstm,tanh,Overall,pval_sig,0.36",
        "CorrStats_kendalltau:gl,babi_1,cnn,dot,Overall,std,0.5",
    )
    assert found["sst", "bilstm", "additive", "0", "tau-gradient:mean"] == "0.343248"
    key = ("sst", "bilstm", "additive", "all", "tau-leave-one-out:significant")
    assert found[key] == "0.36"
    assert found["babi-1", "cnn", "dot", "all", "tau-gradient-leave-one-out:std"] == "0.5"


@pytest.mark.parametrize(
    "line",
    [
        "GradientPval,sst,lstm,tanh,0,mean,0.1",
        "pyxc-pyc_pval,sst,lstm,tanh,0,mean,0.1",
        "GradientLOOPval_kendalltau,sst,lstm,tanh,Overall,mean,0.1",
        "CorrStats_kendalltau:ag,sst,lstm,tanh,Overall,mean,0.1",
        "CorrStats_kendalltau:al,sst,lstm,tanh,Overall,mean,0.1",
        "GradientPval_kendalltau,mortality,lstm,tanh,0,mean,0.1",
        "evaluate,sst,lstm,tanh,0,support,900",
    ],
)
def test_what_misleads_or_is_of_no_task_here_is_left_out(rows, line):
    assert rows(line) == rows()


def test_an_undefined_value_stays_undefined(rows):
    found = rows("GradientPval_kendalltau,20News_sports,cnn,dot,Overall,mean,nan")
    assert found["20news-sports", "cnn", "dot", "all", "tau-gradient:mean"] == "nan"


def test_medians_are_read_from_their_own_table_and_gaps_are_left_out(rows):
    found = rows()
    assert found == {
        ("sst", "bilstm", "additive", "0", "permutation:bin-1"): "0.1",
        ("sst", "bilstm", "additive", "0", "permutation:bin-2"): "0.2",
        ("sst", "bilstm", "additive", "0", "permutation:bin-3"): "0.3",
        ("sst", "bilstm", "additive", "0", "permutation:bin-4"): "0.4",
        ("sst", "cnn", "additive", "0", "permutation:bin-1"): "0.5",
        ("sst", "average", "additive", "0", "permutation:bin-2"): "0.6",
        ("babi-1", "bilstm", "additive", "all", "permutation:bin-1"): "0.7",
    }


def test_tables_without_what_is_looked_for_are_refused(rows):
    with pytest.raises(DataError, match=r"literature\.md has no table"):
        rows(table="nothing\n")
    header = "\n".join(TABLE.splitlines()[4:6])
    with pytest.raises(DataError, match="holds none of the experiments"):
        rows(table=f"{header}\n")


def test_the_committed_file_is_what_the_reference_tables_give():
    if not REFERENCE.is_dir():
        pytest.skip(f"{REFERENCE} is not here")
    made = published_table(REFERENCE / "jain_wallace_2019_results.csv", REFERENCE / "literature.md")
    assert FILE.read_bytes() == made


def test_landmarks_have_their_published_values():
    values = published_values()
    assert values["sst", "bilstm", "additive", "all", "model:accuracy"] == pytest.approx(0.808116)
    assert values["babi-1", "bilstm", "additive", "all", "tau-gradient:mean"] == pytest.approx(
        0.250, abs=0.001
    )
    assert values["agnews", "bilstm", "additive", "1", "search:median"] == pytest.approx(0.6658)


def test_every_model_of_every_task_has_its_accuracy_and_correlations():
    values = published_values()
    for task in [name for name, task in TASKS.items() if task.test_counts]:
        for encoder in ENCODERS:
            for attention in ATTENTIONS:
                row = (task, encoder, attention, "all")
                assert 0 < values[*row, "model:accuracy"] <= 1
                assert (*row, "tau-gradient:mean") in values
                assert (*row, "tau-leave-one-out:mean") in values


def test_a_source_stands_in_front_of_the_numbers():
    first = io.StringIO(FILE.read_text("utf-8")).readline()
    assert "Jain & Wallace (2019)" in first


def test_only_what_was_rounded_or_read_from_a_picture_is_inexact():
    assert resolution("permutation:bin-2") == 0.01
    assert resolution("tau-leave-one-out:significant") == 0.005
    assert resolution("tau-leave-one-out:std") == 0.0
