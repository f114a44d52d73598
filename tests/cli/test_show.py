import subprocess
import sys


def test_a_document_is_explained_with_every_claim(call, report):
    done = call("show", report, "d3")
    assert done.exit_code == 0, done.output
    assert "document d3, model news" in done.output
    assert "adversarial attention" in done.output
    assert "\norder " in done.output
    assert "\nfar " in done.output
    assert "\x1b" not in done.output


def test_one_kind_of_audit_can_be_asked_for(call, report):
    output = call("show", report, "d3", "--audit", "adversary", "--model", "news").output
    assert "\nfar " in output
    assert "\norder " not in output


def test_an_unknown_audit_is_refused_with_the_known_ones(call, report):
    done = call("show", report, "d3", "--audit", "magic")
    assert done.exit_code == 2
    assert "permutation" in done.stderr


def test_an_unknown_document_is_refused_with_near_names(call, report):
    done = call("show", report, "d400")
    assert done.exit_code == 2
    assert "no document 'd400' among the 40 of this run" in done.stderr


def test_neither_card_nor_show_imports_torch(report):
    for arguments in (["card", str(report)], ["show", str(report), "d3"]):
        code = (
            "import sys; from attnaudit.cli import app\n"
            "try: app(sys.argv[1:])\n"
            "except SystemExit as end: assert not end.code\n"
            "sys.exit('torch' in sys.modules)"
        )
        command = [sys.executable, "-c", code, *arguments]
        assert subprocess.run(command, check=False, capture_output=True).returncode == 0
