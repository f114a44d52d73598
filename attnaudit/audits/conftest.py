"""Short names for the commonest options of the attnaudit plugin."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("attnaudit", "attention audits")
    group.addoption(
        "--model", dest="attn_model", action="append", metavar="PATH", help="same as --attn-model"
    )
    group.addoption("--data", dest="attn_data", metavar="NAME|PATH", help="same as --attn-data")
    group.addoption("--claims", dest="attn_claims", metavar="FILE", help="same as --attn-claims")
    group.addoption(
        "--device",
        dest="attn_device",
        choices=("cpu", "cuda", "auto"),
        help="same as --attn-device",
    )


def pytest_configure(config: pytest.Config) -> None:
    if not config.pluginmanager.hasplugin("attnaudit"):
        raise pytest.UsageError(
            "the audits need the attnaudit plugin: install the package attnaudit in this "
            "environment, and do not switch it off with -p no:attnaudit"
        )
