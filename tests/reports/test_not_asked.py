from attnaudit.reports.markdown import render_markdown
from attnaudit.reports.not_asked import not_asked_lines
from attnaudit.store.run import NotAsked


def left_out(site, *claims, model="news"):
    return NotAsked(model=model, site=site, claims=claims)


def test_sites_of_a_model_that_leave_out_the_same_claims_share_a_line(make_run):
    run = make_run(
        not_asked=(left_out("rollout", "a", "b"), left_out("attention-flow", "a", "b")),
    )
    [line] = not_asked_lines(run)
    assert line == (
        "not asked at rollout, attention-flow of news, whose attention cannot be replaced: a, b"
    )


def test_models_that_leave_out_different_claims_have_a_line_each(make_run):
    run = make_run(not_asked=(left_out("rollout", "a"), left_out("rollout", "b", model="films")))
    assert [line.rpartition(": ")[2] for line in not_asked_lines(run)] == ["a", "b"]


def test_a_run_that_asked_everything_says_nothing_of_it(make_run, make_row):
    assert not_asked_lines(make_run()) == []
    assert "not asked" not in render_markdown(make_run(make_row()))


def test_names_from_elsewhere_are_harmless(make_run):
    [line] = not_asked_lines(make_run(not_asked=(left_out("rollout\x1b[2J", "a\nb"),)))
    assert line.isprintable()


def test_markdown_says_it_too(make_run, make_row):
    run = make_run(make_row(), not_asked=(left_out("rollout", "a"),))
    assert render_markdown(run).count("not asked at rollout of news") == 1
