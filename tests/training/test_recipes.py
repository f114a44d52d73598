"""Recipes by name, by the reader in front of a path, and on the command line."""

from dataclasses import asdict, fields

import pytest
from typer.testing import CliRunner

from attnaudit import cli, training
from attnaudit.errors import UsageError
from attnaudit.training import TrainingOptions
from attnaudit.training.recipes import RECIPES, Recipe, named_recipe, recipe_of


def test_the_recipe_of_classification_is_what_options_default_to():
    options = TrainingOptions(data="x", encoder="cnn", attention="dot")
    assert asdict(Recipe()) == {one.name: getattr(options, one.name) for one in fields(Recipe)}


@pytest.mark.parametrize("name", RECIPES)
def test_every_recipe_makes_valid_options_for_every_encoder(name):
    for encoder in ("bilstm", "cnn", "average"):
        options = TrainingOptions(
            data="x", encoder=encoder, attention="dot", **asdict(named_recipe(name))
        )
        # A convolution shares its filters among four widths.
        assert options.hidden_size % 4 == 0


def test_an_unknown_recipe_is_refused_with_the_known_ones():
    with pytest.raises(UsageError, match=r"--recipe must be one of classification, sst.*'mnist'"):
        named_recipe("mnist")


@pytest.mark.parametrize(
    ("data", "name"),
    [
        ("babi:tasks", "babi"),
        ("babi-2:tasks/en-10k", "babi"),
        ("snli:snli_1.0", "snli"),
        ("cnn:questions", "cnn"),
        ("sst:trees", "classification"),
        ("snli", "snli"),
        ("./snli", "classification"),
        ("reviews.csv", "classification"),
        ("20news-sports", "classification"),
    ],
)
def test_a_reader_or_set_of_two_texts_brings_its_recipe(data, name):
    assert recipe_of(data) is RECIPES[name]


@pytest.fixture
def asked(monkeypatch, tmp_path):
    """The options that a command line asks for; nothing is trained."""

    def asked(*arguments):
        caught = []

        def catch(options, _):
            caught.append(options)
            raise UsageError("caught")

        monkeypatch.setattr(training, "train", catch, raising=False)
        command = ("train", "--encoder", "cnn", "--attention", "dot", "--out", tmp_path / "out")
        done = CliRunner().invoke(cli.app, [str(one) for one in (*command, *arguments)])
        assert caught, done.output
        return caught[0]

    return asked


def test_a_named_recipe_wins_over_the_readers_and_options_over_both(asked):
    options = asked("--data", "snli:x", "--recipe", "babi", "--epochs", 3, "--candidates", "all")
    assert (options.epochs, options.batch_size, options.hidden_size) == (3, 50, 32)
    assert (options.candidates, options.embedding_scale) == ("all", 1.0)
    assert asked("--data", "snli:x", "--embedding-scale", 0.5).embedding_scale == 0.5
    assert asked("--data", "snli:x").batch_size == 128
    assert asked("--data", "x.csv").batch_size == 32


def test_candidates_can_be_chosen(asked):
    assert asked("--data", "x.csv", "--candidates", "mentioned").candidates == "mentioned"
