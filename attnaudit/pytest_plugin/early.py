"""What has to be settled before pytest reads the first conftest.py."""

import os
from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from itertools import pairwise
from pathlib import Path

import pytest

PACKAGED_AUDITS = "attnaudit.audits"
"""What `--pyargs` takes to run the audits that the package carries."""

_SHORT_OPTIONS = frozenset({"--model", "--data", "--claims", "--device"})
_OPTIONS = _SHORT_OPTIONS | {
    *("--attn-model", "--attn-data", "--attn-claims", "--attn-baseline", "--attn-report")
}


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config, args: Sequence[str]) -> None:
    """Take no code and no settings from a model, and read the conftest of the packaged audits.

    Raises:
        pytest.UsageError: If pytest took a file of a model for the configuration of the session.
    """
    options = early_config.known_args_namespace
    words = tuple(_words(args))
    _leave_out(options.file_or_dir, values_of(words, _SHORT_OPTIONS))
    _check_configuration(early_config, values_of(words, _OPTIONS))
    if options.pyargs and not options.noconftest and _names_packaged(options.file_or_dir):
        # pytest looks for conftest files of packages only when it collects them, which is too late
        # for their options. It will find this one under the name by which it asks for it.
        conftest = import_module(f"{PACKAGED_AUDITS}.conftest")
        early_config.pluginmanager.register(conftest, name=conftest.__file__)


def values_of(args: Sequence[str], options: frozenset[str]) -> tuple[str, ...]:
    """What follows some options, each as a word of its own.

    Before all plugins and the conftest of the audits have said that these options take a value,
    pytest takes that value for a folder of tests: it looks for its own configuration there and runs
    the conftest.py. In somebody else's model these may be anything.

    Args:
        args: The command line.
        options: As they are written.

    Example:
        >>> values_of(["audits", "--model", "news", "--data=sst:x"], frozenset({"--model"}))
        ('news',)
    """
    return tuple(value for option, value in pairwise(args) if option in options)


def _words(args: Iterable[str | os.PathLike[str]]) -> Iterator[str]:
    """The command line with the lines of `@file` in the place of that word, as pytest reads it."""
    for word in map(str, args):
        if word.startswith("@"):
            yield from _words(Path(word[1:]).read_text(encoding="utf-8").splitlines())
        else:
            yield word


def _leave_out(folders: list[str], values: Sequence[str]) -> None:
    for value in values:
        # Once only: a folder of tests may have the same name.
        if value in folders:
            folders.remove(value)


def _check_configuration(config: pytest.Config, values: Sequence[str]) -> None:
    if config.inipath is None:
        return
    here, folder = config.invocation_params.dir, config.inipath.parent
    if _lies_in(here, folder):
        return  # Where pytest was called it may take its configuration from.
    if any(_lies_in(here / name, folder) for name in _named_tests(config)):
        return  # Tests from there are run anyway.
    for value in values:
        if _lies_in(here / value, folder):
            raise pytest.UsageError(
                f"pytest took {config.inipath} for the configuration of this session, because "
                f"{value} lies there, which is to be audited. Write the option and {value} as one "
                "word, with an equals sign between them"
            )


def _named_tests(config: pytest.Config) -> Iterator[str]:
    """Folders and files of tests that whoever called pytest has named.

    Not those that only `addopts` of the configuration in question names, and no values of options.
    """
    typed = ("", *_words(config.invocation_params.args))
    folders = config.known_args_namespace.file_or_dir
    for before, word in pairwise(typed):
        if before not in _OPTIONS and word in folders:
            yield word.partition("::")[0]


def _lies_in(path: Path, folder: Path) -> bool:
    # By its name as well: pytest walks upwards from names, and a link may lead anywhere.
    named = Path(os.path.abspath(path))  # noqa: PTH100  # as pytest does, which resolves no link
    return named.is_relative_to(folder) or path.resolve().is_relative_to(folder.resolve())


def _names_packaged(names: Sequence[str]) -> bool:
    return any(
        name == PACKAGED_AUDITS or name.startswith((f"{PACKAGED_AUDITS}.", f"{PACKAGED_AUDITS}::"))
        for name in names
    )
