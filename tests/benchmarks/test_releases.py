import numpy as np
import pytest
import torch
from releases import MARGINS, audit, changes_at, force_uniform, needed_table, table_of

from attnaudit.models import load_model
from attnaudit.statistics import lower_bound
from attnaudit.verdicts.change import Change


@pytest.fixture(scope="module")
def runs(planted_directories, tmp_path_factory):
    """A model that attends to the word that decides, and the same forced to attend evenly."""
    root = tmp_path_factory.mktemp("releases")
    force_uniform(planted_directories["faithful"], root / "forced")
    folders = {"faithful": planted_directories["faithful"], "forced": root / "forced"}
    return {name: audit(str(folder), root / "run" / name) for name, folder in folders.items()}


def test_attention_that_is_forced_uniform_is_the_same_at_every_token(
    planted_directories, planted_documents, tmp_path
):
    force_uniform(planted_directories["faithful"], tmp_path / "forced")
    forced = load_model(tmp_path / "forced")
    [attended] = forced.attend(forced.prepare(planted_documents[:5]), sites=("attention",))
    even = attended.mask.double() / attended.mask.sum(1, keepdim=True)
    torch.testing.assert_close(attended.attention, even)


def test_nothing_else_of_the_model_is_changed(planted_directories, tmp_path):
    source = planted_directories["faithful"]
    force_uniform(source, tmp_path / "forced")
    before = load_model(source).network.state_dict()
    after = load_model(tmp_path / "forced").network.state_dict()
    changed = {name for name in before if not torch.equal(before[name], after[name])}
    assert changed == {"attention.vector.weight"}


@pytest.mark.parametrize("margin", [*MARGINS, 1.0, 5.0])
def test_uniform_attention_is_worse_unless_the_margin_covers_its_whole_interval(runs, margin):
    changes = changes_at(runs["faithful"], runs["forced"], margin=margin)
    assert len(changes) == 5
    expected = [
        Change.UNCHANGED if max(-claim.rows[0].low, claim.rows[0].high) < margin else Change.WORSE
        for claim in changes
    ]
    assert [claim.change for claim in changes] == expected


def test_a_model_that_lost_its_attention_is_worse_at_every_margin_up_to_a_fifth(runs):
    rows = [
        line.strip("| ").split(" | ")
        for line in list(table_of(runs["faithful"], runs["forced"]))[2:7]
    ]
    narrow = [place for place, margin in enumerate(MARGINS, start=4) if margin <= 0.2]
    assert {row[place] for row in rows for place in narrow} == {"worse"}


def test_one_document_less_than_a_margin_needs_leaves_it_open():
    cells = [line.strip("| ").split(" | ") for line in list(needed_table())[2:]]
    for share, *counts in cells:
        for count, rows in zip(map(int, counts), (1, 7, 21), strict=True):
            ends = [
                1 - 2 * lower_bound(np.full(one, 0.5), level=0.025 / rows)
                for one in (count - 1, count)
            ]
            assert ends[1] < float(share) <= ends[0]
