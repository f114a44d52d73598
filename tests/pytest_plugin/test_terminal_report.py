import pytest

from attnaudit.errors import InternalError
from attnaudit.models.planted import NEUTRAL_WORDS

FARTHEST = "farthest attention with the same output"


def section(text, title):
    """The lines of the terminal section of this title."""
    _, found, rest = text.partition(f" {title} -")
    assert found, f"no section {title!r}"
    lines = rest.splitlines()[1:]
    end = next(
        number for number, line in enumerate(lines) if line.startswith(("---", "===", "run:"))
    )
    return lines[:end]


@pytest.fixture
def limited(audit_session, planted_directories):
    """A quick audit of the faithful model: one claim, few documents."""

    def run(*options, claim="no-distant", **keywords):
        model = planted_directories["faithful"]
        return audit_session(
            "--model", model, "--attn-limit", 30, "-k", claim, *options, **keywords
        )

    return run


def test_with_v_the_found_attention_is_shown_and_without_it_is_not(limited):
    assert FARTHEST not in limited().text
    lines = section(limited("-v").text, FARTHEST)
    assert "max_tvd 0.05" in lines[0]
    documents = [line for line in lines if line.startswith("  document d")]
    assert len(documents) == 3
    assert all(line.endswith("nats (exact)") for line in documents)
    assert any(f"[{word}]" in line for word in NEUTRAL_WORDS for line in lines)


def test_with_v_each_stratum_of_confidence_has_a_line(limited):
    assert "by confidence" not in limited().text
    lines = section(limited("-v").text, "by confidence")
    assert lines[0] == "faithful, no-distant-equivalent: mean share-of-free-maximum by confidence"
    counted = [int(line.split(" documents")[0].split()[-1]) for line in lines[1:]]
    assert sum(counted) == 30


def test_without_an_adversary_no_attention_was_sought(limited):
    assert FARTHEST not in limited("-v", claim="order-matters").text


def test_found_attention_that_cannot_be_shown_hides_nothing_else(limited, monkeypatch):
    def fail(*_, **__):
        raise InternalError("the stored witness does not match")

    monkeypatch.setattr("attnaudit.reports.comparison.farthest_witnesses", fail)
    text = limited("-v").text
    assert section(text, FARTHEST) == ["cannot be shown: the stored witness does not match"]
    assert "report: " in text


def test_a_claim_in_error_is_at_the_site_where_the_others_were_measured(limited, pytester):
    broken = pytester.path / "audits" / "test_permutation.py"
    fixture = '\n\n@pytest.fixture\ndef audit():\n    raise ValueError("torn")\n'
    broken.write_text(broken.read_text(encoding="utf-8") + fixture, encoding="utf-8")
    session = limited(claim="no-distant or order-matters")
    sites = {row["id"]: row["site"] for row in session.run["claims"]}
    assert session.outcomes()["order-matters"] == "error"
    assert sites == {"order-matters": "attention", "no-distant-equivalent": "attention"}
    assert "claims by model" not in session.text


def test_a_run_that_stores_no_words_shows_none(limited):
    lines = section(limited("-v", "--attn-no-text").text, FARTHEST)
    weights = [line.split() for line in lines if line.split()[0].isdigit()]
    assert len(weights) >= 6
    assert {words for *_, words in weights} == {"-"}


def test_a_worker_and_a_folder_that_is_not_kept_change_nothing_that_is_shown(limited):
    alone = section(limited("-v").text, FARTHEST)
    assert section(limited("-v", "-n", 1, report=None).text, FARTHEST) == alone


def test_the_table_says_that_the_adversary_was_solved(limited):
    table = limited().text.partition("attention claims")[2]
    [line] = [
        line for line in table.splitlines() if "no-distant-equivalent" in line and "<=" in line
    ]
    assert " exact " in line
