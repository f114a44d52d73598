"""The --attn-* options, turned once into a `Request`."""

import operator
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from attnaudit.data.columns import parse_columns
from attnaudit.data.readers.documents import FIELDS
from attnaudit.runs.plan import Request

_DEFAULTS = Request()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options; `audits/conftest.py` adds short names for the commonest."""
    group = parser.getgroup("attnaudit", "attention audits")
    group.addoption(
        "--attn-model",
        action="append",
        metavar="PATH",
        help="model directory, or package.module:factory; repeat to audit several "
        "(default: the small model that the package carries)",
    )
    group.addoption(
        "--attn-data",
        metavar="NAME|PATH",
        help="documents: a catalog name, a file or folder, or reader:path "
        "(default: what the model's audit.toml names)",
    )
    group.addoption(
        "--attn-claims",
        metavar="FILE",
        help="claims to test (default: the model's claims.toml, else the package's claims)",
    )
    group.addoption(
        "--attn-device",
        choices=("cpu", "cuda", "auto"),
        help=f"where to run the model (default: {_DEFAULTS.device})",
    )
    group.addoption(
        "--attn-dtype",
        choices=("float64", "float32"),
        help="precision of the model while it is measured (default: float64)",
    )
    group.addoption(
        "--attn-report",
        metavar="DIR",
        help="keep measurements and run.json here; a later run goes on from them",
    )
    group.addoption(
        "--attn-seed",
        type=int,
        help=f"seed of everything random (default: {_DEFAULTS.seed})",
    )
    group.addoption(
        "--attn-batch-size",
        type=int,
        metavar="N",
        help="most documents per forward pass; changes no result (default: what memory allows)",
    )
    group.addoption(
        "--attn-site",
        action="append",
        metavar="SITE",
        help="attention site; repeat for several; a star stands for any number, as in "
        "'layer.*.head.*' (default: the model's first)",
    )
    group.addoption(
        "--attn-limit",
        type=int,
        metavar="N",
        help="audit a seeded sample of N documents (default: all)",
    )
    group.addoption(
        "--attn-adaptive",
        action="store_true",
        default=None,
        help="draw documents in growing blocks (50, 100, 200, ...), in an order that --attn-seed "
        "fixes, until each claim is decided or all have been drawn",
    )
    group.addoption(
        "--attn-columns",
        metavar="text=COLUMN,label=COLUMN",
        help=f"which columns of the data hold {', '.join(FIELDS)}",
    )
    group.addoption(
        "--attn-inconclusive",
        choices=("fail", "warn"),
        help="whether an inconclusive required claim fails the run "
        f"(default: {_DEFAULTS.inconclusive})",
    )
    group.addoption(
        "--attn-baseline",
        metavar="RUN",
        help="report directory of an earlier run: say of every claim whether it improved, got "
        "worse or stayed; worse, or supported and lost, fails the run",
    )
    group.addoption(
        "--attn-no-text",
        action="store_true",
        default=None,
        help="store no words of the documents",
    )


def given_options(config: pytest.Config) -> dict[str, object]:
    """The --attn-* options that were given, by their names in `Request`."""
    names = {
        "models": "attn_model",
        "data": "attn_data",
        "claims": "attn_claims",
        "sites": "attn_site",
        "columns": "attn_columns",
        "limit": "attn_limit",
        "adaptive": "attn_adaptive",
        "seed": "attn_seed",
        "device": "attn_device",
        "dtype": "attn_dtype",
        "batch_size": "attn_batch_size",
        "inconclusive": "attn_inconclusive",
        "store_text": "attn_no_text",
    }
    values = {name: config.getoption(option) for name, option in names.items()}
    return {name: value for name, value in values.items() if value is not None}


def make_request(given: Mapping[str, object]) -> Request:
    """The request that the given options make, with defaults for the others."""
    converters: dict[str, Callable[[Any], object]] = {
        "models": tuple,
        "sites": tuple,
        "claims": Path,
        "columns": parse_columns,
        "store_text": operator.not_,
    }
    values: dict[str, Any] = {
        name: converters[name](value) if name in converters else value
        for name, value in given.items()
    }
    return Request(**values)
