import xml.etree.ElementTree as ET

import pytest

from attnaudit.claims import default_claims

ALL_CLAIMS = {claim.id for claim in default_claims().claims}


def test_every_claim_about_a_faithful_model_is_supported_and_the_run_passes(
    audit_session, planted_directories
):
    session = audit_session("--model", planted_directories["faithful"])
    assert session.status == pytest.ExitCode.OK
    assert session.outcomes() == dict.fromkeys(ALL_CLAIMS, "supported")


def test_constant_attention_is_refuted_and_the_run_fails(audit_session, planted_directories):
    session = audit_session("--model", planted_directories["uniform"])
    assert session.status == pytest.ExitCode.TESTS_FAILED
    outcomes = session.outcomes()
    # 120 documents do not decide, in every group, that nothing differs from nothing.
    undecided = {"top-position-is-special", "inverting-weakens-the-decision"}
    assert {outcomes.pop(claim) for claim in undecided} == {"inconclusive"}
    assert outcomes == dict.fromkeys(ALL_CLAIMS - undecided, "refuted")
    agreement = next(row for row in session.run["claims"] if row["audit"] == "agreement")
    assert agreement["undefined"] == agreement["n"] == 120
    assert agreement["causes"] == {"constant attention": 120}


def test_a_model_whose_output_ignores_attention_is_an_error_and_others_still_run(
    audit_session, planted_directories
):
    session = audit_session(
        "--model", planted_directories["ignored"], "--model", planted_directories["faithful"]
    )
    assert session.status == pytest.ExitCode.TESTS_FAILED
    session.result.assert_outcomes(errors=8, passed=8)
    assert session.outcomes("ignored") == dict.fromkeys(ALL_CLAIMS, "error")
    assert session.outcomes("faithful") == dict.fromkeys(ALL_CLAIMS, "supported")
    errors = {row["error"] for row in session.run["claims"] if row["model"] == "ignored"}
    assert len(errors) == 1
    assert "reaches no logit" in errors.pop()


def test_a_model_that_fails_to_load_is_an_error_and_others_still_run(
    audit_session, planted_directories, tmp_path
):
    broken = tmp_path / "broken"
    broken.mkdir()
    for path in planted_directories["faithful"].iterdir():
        (broken / path.name).write_bytes(path.read_bytes())
    weights = broken / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-8])
    session = audit_session("--model", broken, "--model", planted_directories["faithful"])
    session.result.assert_outcomes(errors=8, passed=8)
    assert "ModelError" in session.text


def test_without_a_model_the_one_in_the_package_is_audited_and_supported(audit_session):
    session = audit_session()
    assert session.status == pytest.ExitCode.OK
    assert set(session.outcomes("embedded").values()) == {"supported"}


def test_the_last_lines_name_the_worst_claim_first(audit_session, planted_directories):
    session = audit_session(
        "--model", planted_directories["faithful"], "--model", planted_directories["uniform"]
    )
    table = session.text.partition("attention claims")[2]
    assert table.index("refuted") < table.index("supported")


def test_a_failure_says_what_was_claimed_and_measured(audit_session, planted_directories):
    session = audit_session("--model", planted_directories["uniform"], "-k", "order-matters")
    session.result.stdout.fnmatch_lines(
        ["refuted: *", "  claimed   mean tvd >= 0.1 *", "  measured  0.000, decision interval *"]
    )


def test_junit_carries_the_numbers(audit_session, planted_directories, tmp_path):
    path = tmp_path / "junit.xml"
    session = audit_session("--model", planted_directories["faithful"], f"--junitxml={path}")
    case = ET.parse(path).find(".//testcase[@name]")  # noqa: S314
    found = {one.get("name"): one.get("value") for one in case.iter("property")}
    assert found["attnaudit.outcome"] == "supported"
    assert int(found["attnaudit.n"]) == 120
    assert float(found["attnaudit.low"]) < float(found["attnaudit.high"])
    assert session.status == pytest.ExitCode.OK


def test_an_advisory_claim_is_shown_and_never_fails(audit_session, planted_directories, tmp_path):
    claims = tmp_path / "claims.toml"
    claims.write_text(
        'schema = 1\n[[claim]]\nid = "order"\nstatement = "order matters"\naudit = "permutation"\n'
        'at_least = 0.1\nkind = "faithfulness"\ninference = "necessary"\nrequired = false\n'
    )
    session = audit_session("--model", planted_directories["uniform"], "--claims", claims)
    assert session.status == pytest.ExitCode.OK
    assert session.outcomes() == {"order": "refuted"}
    assert "refuted (advisory)" in session.text


@pytest.mark.parametrize(
    ("choice", "status"),
    [("fail", pytest.ExitCode.TESTS_FAILED), ("warn", pytest.ExitCode.OK)],
)
def test_the_user_decides_whether_an_inconclusive_claim_fails(
    audit_session, planted_directories, choice, status
):
    # Four documents cannot decide anything.
    session = audit_session(
        "--model",
        planted_directories["faithful"],
        "--attn-limit",
        4,
        "--attn-inconclusive",
        choice,
    )
    assert session.status == status
    assert session.outcomes() == dict.fromkeys(ALL_CLAIMS, "inconclusive")
