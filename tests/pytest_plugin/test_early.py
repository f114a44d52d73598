"""What a model's directory must not do to the session that audits it."""

import pytest

MARK = "ran.txt"


@pytest.fixture
def hostile(pytester):
    """A folder whose conftest.py leaves a mark when it is run."""
    folder = pytester.mkdir("hostile")
    mark = pytester.path / MARK
    (folder / "conftest.py").write_text(f"open({str(mark)!r}, 'w').close()\n")
    return folder


def collect(audit_session, *options):
    return audit_session("--collect-only", "-q", *options, report=None)


@pytest.mark.parametrize("option", ["--model", "--data", "--claims"])
def test_a_conftest_in_what_is_audited_is_not_run(audit_session, pytester, hostile, option):
    collect(audit_session, option, hostile)
    assert not (pytester.path / MARK).exists()


def test_the_conftest_of_a_folder_of_tests_is_run(audit_session, pytester, hostile):
    # The control: were it named as a folder of tests, the mark would be there.
    collect(audit_session, hostile)
    assert (pytester.path / MARK).exists()


def test_a_conftest_below_what_is_audited_is_not_run(audit_session, pytester, hostile):
    inner = hostile / "tests"
    inner.mkdir()
    (hostile / "conftest.py").rename(inner / "conftest.py")
    collect(audit_session, "--model", hostile)
    assert not (pytester.path / MARK).exists()


@pytest.mark.parametrize("option", ["--model", "--attn-model", "--attn-baseline"])
def test_settings_of_pytest_in_a_model_are_refused_before_they_do_anything(
    audit_session, pytester, hostile, option
):
    (pytester.path / "tox.ini").unlink()
    (hostile / "pytest.ini").write_text("[pytest]\naddopts = hostile\n")
    session = collect(audit_session, option, "hostile")
    assert session.status == pytest.ExitCode.USAGE_ERROR
    assert "lies in what is to be audited" in session.text
    assert not (pytester.path / MARK).exists()


def test_a_repository_that_is_the_model_may_have_settings_of_its_own(
    audit_session, pytester, planted_directories
):
    for file in planted_directories["faithful"].iterdir():
        (pytester.path / file.name).write_bytes(file.read_bytes())
    session = collect(audit_session, "--model", ".")
    assert session.status == pytest.ExitCode.OK


def test_the_packaged_audits_take_the_short_options(pytester, planted_directories):
    result = pytester.runpytest_inprocess(
        *("--pyargs", "attnaudit.audits", "--collect-only", "-q", "-p", "no:benchmark"),
        *("--model", str(planted_directories["faithful"])),
    )
    assert result.ret == pytest.ExitCode.OK
    assert "test_the_order_of_attention_matters[faithful/order-matters]" in result.stdout.str()


def test_one_packaged_audit_can_be_run_by_name(pytester, planted_directories):
    result = pytester.runpytest_inprocess(
        *("--pyargs", "attnaudit.audits.test_permutation", "-p", "no:benchmark"),
        *("--model", str(planted_directories["faithful"]), "--attn-limit", "60"),
    )
    result.assert_outcomes(passed=1)
