"""What a reader of the sheet sees."""

import json
from pathlib import Path

import pytest

from attnaudit.reproduction.cells import gather_cells
from attnaudit.reproduction.documents import Prepared
from attnaudit.reproduction.explanation import explanation_lines
from attnaudit.reproduction.markdown import to_markdown
from attnaudit.reproduction.request import Request, Training
from attnaudit.reproduction.section import figure_place
from attnaudit.reproduction.sheet import Sheet
from attnaudit.reproduction.statistics import model_statistics
from attnaudit.reproduction.tasks import named_task


@pytest.fixture
def make_sheet(tmp_path, make_values):
    def make(task="sst", *, seeds=3, comparable=True, accuracy=0.8, **changes):
        request = Request(out=tmp_path, tasks=(task,), seeds={task: seeds}, **changes)
        models = []
        for seed in range(seeds):
            training = Training(
                task=named_task(task), encoder="bilstm", attention="additive", seed=seed
            )
            found = model_statistics(
                training.task,
                make_values(200, seed=seed),
                accuracy=accuracy + 0.001 * seed,
                as_published=request.as_published,
            )
            models.append((training, found))
        return Sheet(
            request=request,
            prepared={
                task: Prepared(
                    path=tmp_path / "x.jsonl",
                    tokenizer="spacy",
                    source=task,
                    counts={"train": 900, "test": 200},
                    left_out={"train": 3, "test": 4},
                )
            },
            comparable={task: comparable},
            cells=tuple(gather_cells(models, comparable={task: comparable})),
            findings=(),
            unmeasured={},
            trained=seeds,
            total=6 * seeds,
        )

    return make


def accuracy_line(page):
    return next(line for line in page.splitlines() if line.startswith("| BiLSTM, additive | 0."))


def test_a_difference_beyond_chance_is_starred_and_listed(make_sheet):
    page = to_markdown(make_sheet(accuracy=0.5))
    assert accuracy_line(page) == r"| BiLSTM, additive | 0.501 [0.001]\* | 0.808 | -0.307 |"
    listed = page[page.index("## Marked cells") :]
    assert "| SST BiLSTM, additive | all | model accuracy | 0.501 | 0.001 | 0.808 |" in listed
    sheet = make_sheet(accuracy=0.5)
    published = [cell for cell in sheet.cells if cell.difference is not None]
    marked = [cell for cell in published if cell.marked]
    assert f"\n{len(marked)} of the {len(published)} cells that have a published value" in listed
    assert len(marked) == listed.count("\n| SST ")


def test_a_difference_within_chance_is_neither(make_sheet):
    page = to_markdown(make_sheet(accuracy=0.807))
    assert accuracy_line(page) == "| BiLSTM, additive | 0.808 [0.001] | 0.808 | -0.000 |"
    assert "model accuracy" not in page


def test_other_documents_are_said_to_be_others_and_not_starred(make_sheet):
    page = to_markdown(make_sheet("20news-sports", comparable=False, accuracy=0.1))
    assert "No cell is comparable with the published one." in page
    assert page.endswith(
        "## Marked cells\n\n"
        "None: no cell has a published value of the same test documents and several trainings.\n"
    )


def test_a_single_training_has_no_spread_and_says_why_nothing_is_starred(make_sheet):
    page = to_markdown(make_sheet(seeds=1, accuracy=0.1))
    assert accuracy_line(page) == "| BiLSTM, additive | 0.100 | 0.808 | -0.708 |"
    assert "no difference is marked" in page
    assert "## Marked cells\n\nNone: no cell has" in page


def test_findings_that_cannot_be_judged_say_what_is_missing(make_sheet):
    page = to_markdown(make_sheet())
    assert "## Findings of the paper\n\nNone: they are about the BiLSTM and Average" in page


@pytest.mark.parametrize(("count", "told"), [(50_000, False), (3403, True)])
def test_fewer_train_documents_than_the_published_models_had_are_told(make_sheet, count, told):
    sheet = make_sheet("agnews")
    sheet.prepared["agnews"].counts["train"] = count
    said = f"The published models learned from 60000 documents and these from {count}, so"
    assert (said in to_markdown(sheet)) is told


def test_shuffled_and_distant_attention_stand_beside_published_numbers_and_differences(make_sheet):
    sheet = make_sheet()
    row = sheet.by_row()["sst", "bilstm", "additive", "1"]
    for quantity in ("permutation:bin-1", "search:mean"):
        cell = row[quantity]
        here = f"{cell.mean:.3f} [{cell.spread:.3f}]" + r"\*" * cell.marked
        beside = f"{here} / {cell.published:.3f} ({cell.mean - cell.published:+.3f})"
        assert f"| {beside} |" in to_markdown(sheet)


def test_every_line_of_a_table_has_as_many_cells_as_its_head(make_sheet):
    page = to_markdown(make_sheet())
    tables = [block for block in page.split("\n\n") if block.startswith("|")]
    assert len(tables) == 5
    for table in tables:
        assert len({line.count("|") for line in table.splitlines()}) == 1


def test_documents_left_out_and_the_figure_are_told(make_sheet):
    page = to_markdown(make_sheet())
    assert "Documents: 900 train, 200 test; 7 left out for their length. 3 of 3 trainings" in page
    assert f"]({figure_place(named_task('sst'))})" in page


def test_a_sheet_with_vectors_does_not_say_that_there_were_none(make_sheet):
    without = "\n".join(explanation_lines(make_sheet()))
    with_vectors = "\n".join(explanation_lines(make_sheet(embeddings=Path("some/fast.vec"))))
    assert "**Without word vectors.**" in without
    assert "**Without word vectors.**" not in with_vectors
    assert "fast.vec" in with_vectors
    assert "some/" not in with_vectors


def test_the_numbers_of_the_page_are_those_of_the_file(make_sheet):
    sheet = make_sheet()
    stored = json.loads(sheet.to_json())
    assert len(stored["cells"]) == len(sheet.cells)
    marked = [one for one in stored["cells"] if one["marked"]]
    assert len(marked) == sum(1 for _ in sheet.marked())
    for one in stored["cells"]:
        if one["difference"] is not None:
            assert one["difference"] == pytest.approx(one["mean"] - one["published"])
