import shlex

from attnaudit.reports.html.provenance import command


def test_the_command_names_what_the_run_was_made_with(whole_run):
    run = whole_run.finish()
    assert command(run) == (
        "pytest audits/ --attn-model models/news --attn-site attention --attn-dtype float64 "
        "--attn-seed 3"
    )


def test_a_limit_and_a_claims_file_are_named(whole_run):
    run = whole_run.finish(claims_source="review/claims.toml")
    limited = run.model_copy(update={"settings": run.settings.model_copy(update={"limit": 7})})
    assert "--attn-claims review/claims.toml" in command(limited)
    assert command(limited).endswith("--attn-limit 7")


def test_claims_that_lie_with_the_model_are_not_named(whole_run):
    assert "--attn-claims" not in command(whole_run.finish(claims_source="models/news/claims.toml"))


def test_a_path_cannot_become_another_command(whole_run):
    source = "a b; rm -rf $HOME 'x'"
    assert shlex.split(command(whole_run.finish(source=source)))[3] == source


def test_a_run_from_python_has_no_command(whole_run):
    assert command(whole_run.finish(source="python")) is None


def test_a_run_without_a_model_has_no_command(whole_run):
    assert command(whole_run.finish().model_copy(update={"models": ()})) is None
