import shlex

import pytest

from attnaudit.reports.html.provenance import commands


@pytest.fixture
def of_models(whole_run):
    """The commands of a run of models that differ from the first as said."""

    def make(*changes):
        run = whole_run.finish()
        [first] = run.models
        models = tuple(first.model_copy(update=one) for one in changes)
        return commands(run.model_copy(update={"models": models}))

    return make


def test_the_command_names_what_the_run_was_made_with(of_models):
    [command] = of_models({})
    assert command == (
        "pytest audits/ --attn-model models/news --attn-site attention --attn-dtype float64 "
        "--attn-device cpu --attn-seed 3"
    )


def test_a_limit_and_a_claims_file_are_named(whole_run):
    run = whole_run.finish(claims_source="review/claims.toml")
    limited = run.model_copy(update={"settings": run.settings.model_copy(update={"limit": 7})})
    [command] = commands(limited)
    assert "--attn-claims review/claims.toml" in command
    assert command.endswith("--attn-limit 7")


def test_documents_drawn_in_blocks_are_drawn_so_again(whole_run):
    run = whole_run.finish()
    drawn = run.model_copy(update={"settings": run.settings.model_copy(update={"first_block": 50})})
    assert "--attn-adaptive" not in commands(run)[0]
    assert "--attn-adaptive" in commands(drawn)[0]


def test_claims_that_lie_with_the_model_are_not_named(of_models):
    [command] = of_models({"claims_source": "models/news/claims.toml"})
    assert "--attn-claims" not in command


def test_models_audited_alike_share_one_command(of_models):
    [command] = of_models({"source": "models/a"}, {"source": "models/b"})
    assert command.count("--attn-model") == 2
    assert command.count("--attn-site") == 1


def test_several_sites_of_one_model_are_audited_at_once(of_models):
    [command] = of_models({"site": "layer.1"}, {"site": "layer.0"})
    assert command.count("--attn-model") == 1
    assert "--attn-site layer.0 --attn-site layer.1" in command


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"dtype": "float32"}, "--attn-dtype float32"),
        ({"device": "cuda"}, "--attn-device cuda"),
        ({"claims_source": "review/claims.toml"}, "--attn-claims review/claims.toml"),
        ({"site": "layer.0"}, "--attn-site layer.0"),
    ],
)
def test_what_models_do_not_share_is_in_the_command_of_its_model_alone(of_models, changes, named):
    first, second = of_models({"source": "models/a"}, {"source": "models/b"} | changes)
    assert "models/a" in first
    assert "models/b" not in first
    assert named not in first
    assert named in second


def test_claims_that_lie_with_one_model_do_not_part_it_from_one_with_the_defaults(of_models):
    theirs = {"source": "models/b", "claims_source": "models/b/claims.toml"}
    assert len(of_models({"source": "models/a"}, theirs)) == 1


def test_a_path_cannot_become_another_command(of_models):
    source = "a b; rm -rf $HOME 'x'"
    [command] = of_models({"source": source})
    assert shlex.split(command)[3] == source


def test_a_run_from_python_has_no_command(of_models):
    assert of_models({}, {"source": "python"}) == ()


def test_a_run_without_a_model_has_no_command(of_models):
    assert of_models() == ()
