"""What a session makes of the attention sites that it is asked for."""

import pytest

FIXED = """
    from attnaudit.models import PaperModel, Site, faithful_model

    class Fixed(PaperModel):
        sites = (Site(name="attention", replaceable=False),)

    def make():
        model = faithful_model()
        return Fixed(model.network, model.configuration, model.vocabulary)
"""


@pytest.fixture
def own_model(pytester):
    """Options for a factory whose attention can be read and not replaced."""
    pytester.makepyfile(mine=FIXED)
    pytester.makefile(".csv", data="text,label\n" + "a superb film,positive\n" * 30)
    pytester.syspathinsert()
    return "--model", "mine:make", "--data", "data.csv"


def test_a_claim_that_cannot_be_asked_of_a_factorys_model_is_an_error(audit_session, own_model):
    session = audit_session(*own_model, "-k", "order-matters")
    session.result.assert_outcomes(errors=1)
    assert "at attention cannot be replaced, and claim order-matters asks" in session.text


def test_the_other_claims_about_that_model_are_decided(audit_session, own_model):
    session = audit_session(*own_model, "-k", "ranks-like-gradient")
    session.result.assert_outcomes(passed=1)


@pytest.mark.parametrize("model", ["mine:make", None])
def test_a_pattern_needs_a_model_whose_layers_can_be_counted(
    audit_session, own_model, planted_directories, model
):
    options = own_model if model else ("--model", planted_directories["faithful"])
    session = audit_session(*options, "--attn-site", "layer.*.head.*")
    assert session.status == pytest.ExitCode.USAGE_ERROR
    assert "name its sites one by one" in session.text


def test_a_site_named_twice_is_audited_once(audit_session, planted_directories):
    named = ("--attn-site", "attention") * 2
    model = planted_directories["faithful"]
    session = audit_session("--model", model, *named, "-k", "order-matters")
    session.result.assert_outcomes(passed=1)
    assert session.run["settings"]["claims_counted"] == 8
