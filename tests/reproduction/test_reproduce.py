"""The whole way on a handful of documents: trained, measured, written, and gone on with."""

import json
import random
import re
import xml.etree.ElementTree as ET  # what is parsed was made by the test
from collections import Counter
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from attnaudit import cli
from attnaudit.data import write_documents
from attnaudit.errors import PreflightError
from attnaudit.records import Document
from attnaudit.reproduction import measures, reproduce, tasks
from attnaudit.reproduction.measured import measure_model
from attnaudit.reproduction.request import Request
from attnaudit.training.recipes import RECIPES

FILLER = ("the", "film", "we", "saw", "was", "a", "plot", "with", "music")


def review(draw, name, label, split):
    words = [*draw.choices(FILLER, k=draw.randint(6, 9)), ("dull", "lovely")[label]]
    draw.shuffle(words)
    return Document(id=name, tokens=tuple(words), label=str(label), split=split)


def story(draw, name, split):
    place = draw.choice(("kitchen", "garden", "office", "hall"))
    words = (*draw.choices(FILLER, k=3), "mary", "went", place)
    return Document(id=name, tokens=words, text2="where is mary", label=place, split=split)


@pytest.fixture
def sources(tmp_path):
    draw = random.Random(0)  # noqa: S311
    reviews = [
        review(draw, f"{split}-{number}", number % 2, split)
        for split, size in (("train", 48), ("dev", 12), ("test", 24))
        for number in range(size)
    ]
    stories = [
        story(draw, f"{split}-{number}", split)
        for split, size in (("train", 40), ("dev", 30), ("test", 12))
        for number in range(size)
    ]
    for name, documents in (("reviews", reviews), ("stories", stories)):
        write_documents(tmp_path / f"{name}.jsonl", documents)
    return {
        "sst": f"jsonl:{tmp_path / 'reviews.jsonl'}",
        "babi-1": f"jsonl:{tmp_path / 'stories.jsonl'}",
    }


@pytest.fixture
def request_of(tmp_path, sources):
    def make(**changes):
        fields = {
            "out": tmp_path / "out",
            "tasks": ("sst",),
            "encoders": ("average", "bilstm"),
            "attentions": ("additive",),
            "data": sources,
            "device": "cpu",
        }
        return Request(**fields | changes)

    return make


def written(out):
    return {path.relative_to(out): path.read_bytes() for path in sorted(out.glob("sheet.*"))}


def counted_calls(method, calls):
    def counting(*arguments):
        calls.append(arguments)
        return method(*arguments)

    return counting


def test_every_number_of_the_sheet_is_there_and_a_second_call_computes_nothing(
    request_of, monkeypatch
):
    request, said, again = request_of(), [], []
    sheet = reproduce.reproduce(request, say=said.append)
    assert (sheet.trained, sheet.total) == (2, 2)
    stored = json.loads((request.out / "sheet.json").read_text())
    cells = {(one["encoder"], one["group"], one["quantity"]): one for one in stored["cells"]}
    for encoder in ("average", "bilstm"):
        model = request.out / "models" / f"sst-{encoder}-additive-0"
        report = json.loads((model / "training.json").read_text())
        accuracy = cells[encoder, "all", "model:accuracy"]
        assert accuracy["seeds"] == [report["test"]["accuracy"]]
        assert accuracy["difference"] == pytest.approx(accuracy["mean"] - accuracy["published"])
        assert cells[encoder, "all", "documents:count"]["mean"] == 24
        found, solved = (
            cells[encoder, "all", f"{one}:mean"]["mean"] for one in ("search", "exact")
        )
        assert 0 < found <= solved
    outcomes = Counter(one["outcome"] for one in stored["findings"])
    assert {*outcomes} <= {"supported", "refuted", "inconclusive"}
    counted = ", ".join(f"{number} {outcome}" for outcome, number in outcomes.most_common())
    page = (request.out / "sheet.md").read_text()
    assert (
        "\n6 claims about the models with additive attention, judged for each task and seed: "
        f"{counted}. " in page
    )
    assert page.count(" | supported |\n") == outcomes["supported"]
    assert any("agreement of 24 documents" in line for line in said)

    before = written(request.out)
    writes = []
    monkeypatch.setattr(
        reproduce._Results, "write", counted_calls(reproduce._Results.write, writes)
    )
    reproduce.reproduce(request, say=again.append)
    assert written(request.out) == before
    assert len(writes) == 1
    assert not any(re.search(r"of \d+ documents", line) for line in again)


def test_an_interrupted_reproduction_ends_in_the_same_sheet(request_of, tmp_path, monkeypatch):
    asked = {"encoders": ("average",), "attentions": ("additive", "dot")}
    whole = request_of(out=tmp_path / "whole", **asked)
    reproduce.reproduce(whole, say=lambda _: None)

    calls = []

    def interrupt(*arguments, **keywords):
        calls.append(arguments)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return search(*arguments, **keywords)

    search = measures.searched
    request = request_of(out=tmp_path / "parts", **asked)
    with monkeypatch.context() as patch:
        patch.setattr(measures, "searched", interrupt)
        with pytest.raises(KeyboardInterrupt):
            reproduce.reproduce(request, say=lambda _: None)
    # What was finished can be read already.
    assert json.loads((request.out / "sheet.json").read_text())["trained"] == 1
    reproduce.reproduce(request, say=lambda _: None)
    assert written(request.out) == written(whole.out)


def test_a_model_that_cannot_be_measured_stops_no_other(request_of, monkeypatch):
    def refuse(directory, *arguments, **keywords):
        if "average" in directory.name:
            raise PreflightError("attention reaches\nno logit")
        return measure_model(directory, *arguments, **keywords)

    monkeypatch.setattr(reproduce, "measure_model", refuse)
    request = request_of(encoders=("average", "cnn"))
    sheet = reproduce.reproduce(request, say=lambda _: None)
    assert {cell.encoder for cell in sheet.cells} == {"cnn"}
    assert (sheet.trained, sheet.total) == (1, 2)
    page = (request.out / "sheet.md").read_text()
    assert "* sst-average-additive-0: attention reaches no logit" in page


def test_a_task_of_two_texts_is_sampled_for_what_takes_linear_programmes(request_of, monkeypatch):
    short = {"babi": replace(RECIPES["babi"], epochs=5)}
    monkeypatch.setattr(tasks, "RECIPES", {**RECIPES, **short})
    request = request_of(tasks=("babi-1",), encoders=("average",), sample=5)
    sheet = reproduce.reproduce(request, say=lambda _: None)
    [row] = [cells for key, cells in sheet.by_row().items() if key[3] == "all"]
    assert row["search:count"].mean == 12
    assert row["exact:count"].mean == 5
    assert row["exact:mean"].mean > 0


def test_the_figure_is_a_picture_of_the_task(request_of):
    request = request_of(encoders=("average",))
    reproduce.reproduce(request, say=lambda _: None)
    picture = ET.parse(request.out / "figures" / "reproduction-sst.svg").getroot()  # noqa: S314
    assert picture.tag.endswith("svg")
    texts = {text for element in picture.iter() for text in (element.text or "",)}
    assert {"SST", "average", "largest attention weight"} <= texts


@pytest.fixture
def call(tmp_path, sources):
    def run(*arguments):
        data = [part for pair in sources.items() for part in ("--data", "=".join(pair))]
        command = ("reproduce", "--out", tmp_path / "out", "--device", "cpu", *data, *arguments)
        return CliRunner().invoke(cli.app, [str(one) for one in command])

    return run


ONE = ("--tasks", "sst", "--encoders", "average", "--attentions", "additive")


def test_the_command_writes_the_sheet_and_ends_it_with_the_notes(call, tmp_path):
    notes = tmp_path / "notes.md"
    notes.write_text("## Notes\n\nWhy cells differ.\n")
    done = call(*ONE, "--seeds", 2, "--as-published", "--notes", notes)
    assert done.exit_code == 0, done.output
    assert "2 of 2  sst-average-additive-1: done in" in done.output
    page = (tmp_path / "out" / "sheet.md").read_text()
    assert page.endswith("## Notes\n\nWhy cells differ.\n")
    assert "Made with `--as-published`" in page
    assert "| is 0 |" not in page
    # Two trainings have a spread.
    assert re.search(r"\| Average, additive \| 0\.\d{3} \[0\.\d{3}\]", page)


def test_interrupting_says_how_to_go_on(call, monkeypatch):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(reproduce, "trained", interrupt)
    done = call(*ONE)
    assert done.exit_code == 130
    assert "the same command goes on from here" in done.stderr


def test_an_unknown_task_is_one_line_and_status_2(call):
    done = call("--tasks", "mnist")
    assert done.exit_code == 2
    assert done.stderr.startswith("error: --tasks: unknown 'mnist'")
