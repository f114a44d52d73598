"""What has to be settled before pytest reads the first conftest.py."""

from collections.abc import Sequence
from importlib import import_module
from itertools import pairwise

import pytest

PACKAGED_AUDITS = "attnaudit.audits"
"""What `--pyargs` takes to run the audits that the package carries."""

_SHORT_OPTIONS = frozenset({"--model", "--data", "--claims", "--device"})
_LONG_OPTIONS = frozenset(
    {"--attn-model", "--attn-data", "--attn-claims", "--attn-baseline", "--attn-report"}
)


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config, args: Sequence[str]) -> None:
    """Take no code and no settings from a model, and read the conftest of the packaged audits.

    Raises:
        pytest.UsageError: If pytest took a file of a model for the configuration of the session.
    """
    options = early_config.known_args_namespace
    _check_configuration(early_config, values_of(args, _SHORT_OPTIONS | _LONG_OPTIONS))
    _leave_out(options.file_or_dir, values_of(args, _SHORT_OPTIONS))
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


def _check_configuration(config: pytest.Config, values: Sequence[str]) -> None:
    if config.inipath is None:
        return
    here, found = config.invocation_params.dir.resolve(), config.inipath.resolve()
    if here.is_relative_to(found.parent):
        return  # Where pytest was called it may take its configuration from.
    for value in values:
        if found.is_relative_to((here / value).resolve()):
            raise pytest.UsageError(
                f"pytest took {config.inipath} for the configuration of this session, and it lies "
                f"in what is to be audited. Write the option and {value} as one word, with an "
                "equals sign between them"
            )


def _leave_out(folders: list[str], values: Sequence[str]) -> None:
    for value in values:
        # Once only: a folder of tests may have the same name.
        if value in folders:
            folders.remove(value)


def _names_packaged(names: Sequence[str]) -> bool:
    return any(
        name == PACKAGED_AUDITS or name.startswith((f"{PACKAGED_AUDITS}.", f"{PACKAGED_AUDITS}::"))
        for name in names
    )
