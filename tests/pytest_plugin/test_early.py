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


@pytest.fixture
def download(audit_session, pytester):  # noqa: ARG001  # the audits lie there too
    """A model and a folder of data, each with settings that leave a mark when they are followed."""
    (pytester.path / "tox.ini").unlink()
    for folder in ("set", "rep/model"):
        (pytester.path / folder).mkdir(parents=True)
    for folder in ("set", "rep"):
        (pytester.path / folder / "pytest.ini").write_text(
            "[pytest]\naddopts = --pyargs evil\npythonpath = .\n"
        )
        mark = pytester.path / MARK
        (pytester.path / folder / "evil.py").write_text(f"open({str(mark)!r}, 'w').close()\n")
    (pytester.path / "set" / "reviews.csv").write_text("text,label\ngood,1\n")
    (pytester.path / "set" / "claims.toml").write_text("schema = 1\n")
    return pytester.path


def collected(pytester, *words):
    return pytester.runpytest_inprocess("--collect-only", "-q", "-p", "no:benchmark", *words)


def check_refused(result, download):
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "which is to be audited" in result.stderr.str()
    assert not (download / MARK).exists()


PACKAGED = ("--pyargs", "attnaudit.audits")


@pytest.mark.parametrize(
    "words",
    [
        (*PACKAGED, "--data", "set/reviews.csv"),
        ("audits", "--data", "set/reviews.csv"),
        (*PACKAGED, "--attn-claims", "set/claims.toml"),
        (*PACKAGED, "--model", "rep/model"),
        ("audits", "--model", "rep/model"),
    ],
    ids=" ".join,
)
def test_settings_that_lie_with_what_is_audited_are_refused_before_they_do_anything(
    pytester, download, words
):
    check_refused(collected(pytester, *words), download)


def test_the_same_settings_are_followed_where_tests_lie_beside_them(pytester, download):
    # The control: tests named there are run, so settings from there are no further danger.
    (download / "rep" / "audits").mkdir()
    collected(pytester, "rep/audits", "--attn-report", "rep/model")
    assert (download / MARK).exists()


def test_an_option_in_one_word_is_never_looked_into(pytester, download):
    # What `-p` names is imported before any plugin is asked.
    settings = download / "set" / "pytest.ini"
    settings.write_text("[pytest]\naddopts = -p evil\npythonpath = .\n")
    collected(pytester, "audits", "--data=set/reviews.csv")
    assert not (download / MARK).exists()


@pytest.mark.parametrize("option", ["--model", "--attn-model", "--attn-baseline"])
def test_settings_in_a_folder_that_is_audited_are_refused(pytester, download, option):
    check_refused(collected(pytester, "audits", option, "set"), download)


def test_settings_cannot_name_the_model_for_a_folder_of_tests(pytester, download):
    settings = download / "set" / "pytest.ini"
    settings.write_text("[pytest]\naddopts = --pyargs evil set/reviews.csv\npythonpath = .\n")
    check_refused(collected(pytester, *PACKAGED, "--data", "set/reviews.csv"), download)


@pytest.mark.parametrize("linked", ["pytest.ini", "reviews.csv"])
def test_a_link_hides_no_settings(pytester, download, linked):
    elsewhere = pytester.mkdir("elsewhere") / linked
    (download / "set" / linked).rename(elsewhere)
    (download / "set" / linked).symlink_to(elsewhere)
    check_refused(collected(pytester, *PACKAGED, "--data", "set/reviews.csv"), download)


def test_words_in_a_file_are_words_of_the_command_line(pytester, download):
    (download / "words.txt").write_text("--data\nset/reviews.csv\n")
    check_refused(collected(pytester, *PACKAGED, "@words.txt"), download)


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
