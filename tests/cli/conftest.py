import pytest
from typer.testing import CliRunner

import attnaudit
from attnaudit import cli
from attnaudit.claims import load_claims
from attnaudit.models import faithful_model

CLAIMS = """
schema = 1

[[claim]]
id = "order"
statement = "s"
audit = "permutation"
at_least = 0.1
kind = "faithfulness"
inference = "necessary"

[[claim]]
id = "far"
statement = "s"
audit = "adversary"
max_tvd = 0.05
at_most = 0.5
kind = "faithfulness"
inference = "necessary"
"""


@pytest.fixture
def call():
    def run(*arguments):
        return CliRunner().invoke(cli.app, [str(argument) for argument in arguments])

    return run


@pytest.fixture(scope="session")
def report(tmp_path_factory, planted_documents):
    """The report directory of a run about a faithful model."""
    folder = tmp_path_factory.mktemp("report")
    claims = folder / "claims.toml"
    claims.write_text(CLAIMS)
    attnaudit.audit(
        faithful_model(), planted_documents[:40], load_claims(claims), name="news", report=folder
    )
    return folder
