import pytest

from attnaudit.claims import default_claims
from attnaudit.errors import UsageError
from attnaudit.models import faithful_model
from attnaudit.runs.claims_of_run import claims_of


def test_the_claims_of_the_package_are_read_again_without_a_file(faithful_run):
    assert claims_of(faithful_run) == {"model": default_claims()}


def test_chosen_claims_are_those_of_every_model(faithful_run, changed, write_claims, claim_text):
    [entry] = faithful_run.run.models
    twins = tuple(entry.model_copy(update={"name": name}) for name in "ab")
    chosen = write_claims(claim_text("mine"))
    assert claims_of(changed(faithful_run, models=twins), chosen) == {"a": chosen, "b": chosen}


def test_claims_are_read_again_from_where_a_run_had_them(
    audited, planted_documents, write_claims, claim_text
):
    claims = write_claims(claim_text("a"))
    stored = audited(faithful_model(), planted_documents, claims)
    assert claims_of(stored) == {"model": claims}
    write_claims(claim_text("b"))
    with pytest.raises(UsageError, match="has changed since; name a claims file"):
        claims_of(stored)


def test_claims_that_are_gone_must_be_named(
    audited, planted_documents, write_claims, claim_text, tmp_path
):
    stored = audited(faithful_model(), planted_documents, write_claims(claim_text("a")))
    (tmp_path / "claims.toml").unlink()
    with pytest.raises(UsageError, match=r"cannot be read again .* name a claims file"):
        claims_of(stored)
