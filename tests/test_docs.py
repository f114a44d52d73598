import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def code_block(path, language):
    [block] = re.findall(rf"```{language}\n(.*?)```", path.read_text("utf-8"), flags=re.DOTALL)
    return block


def test_the_documented_model_passes_preflight_and_gets_verdicts(pytester):
    pytester.makepyfile(mine=code_block(ROOT / "docs" / "own-model.md", "python"))
    long = "the superb film was a story about the story of the film,1\n"
    pytester.makefile(".csv", reviews="text,label\n" + (long + "awful film,0\n") * 30)
    pytester.makepyfile(
        """
        import attnaudit

        def test_is_decided(attn_model, attn_documents):
            rows = attnaudit.audit(attn_model, attn_documents).claims
            assert {row.audit for row in rows} >= {"agreement", "permutation", "adversary"}
            assert {row.n for row in rows if row.group == "overall"} == {30, 60}
            assert {row.kind for row in rows} == {"exact"}
        """
    )
    pytester.syspathinsert()
    result = pytester.runpytest_inprocess(
        "--attn-model", "mine:make", "--attn-data", "reviews.csv", "-p", "no:benchmark"
    )
    result.assert_outcomes(passed=1)


def links_of(path):
    for target in re.findall(r"\]\((?!https?:)([^)#]+)[^)]*\)", path.read_text("utf-8")):
        yield (path.parent / target).resolve()


PAGES = ["README.md", *(f"docs/{page.name}" for page in sorted((ROOT / "docs").glob("*.md")))]


@pytest.mark.parametrize("page", PAGES)
def test_every_link_of_a_page_leads_to_a_file(page):
    missing = [target for target in links_of(ROOT / page) if not target.exists()]
    assert missing == []


@pytest.mark.parametrize("page", PAGES)
def test_no_page_has_a_gap(page):
    assert "@@" not in (ROOT / page).read_text("utf-8")
