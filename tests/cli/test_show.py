import json
import shutil
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


def test_one_attention_site_can_be_asked_for(call, report):
    own = call("show", report, "d3", "--site", "attention")
    assert own.output == call("show", report, "d3").output
    other = call("show", report, "d3", "--site", "layer.1")
    assert other.exit_code == 2
    assert "was not audited at attention site 'layer.1'" in other.stderr
    assert "but at attention" in other.stderr


def test_of_many_sites_those_of_heat_maps_alone_are_left_out(call, tmp_path, report):
    sites = [f"layer.0.head.{head}" for head in range(8)]
    swept = with_sites(report, tmp_path / "swept", [*sites, "layers"])
    output = call("show", swept, "d3").output
    assert output.count("document d3") == 1
    assert "attention site layers" in output
    one = call("show", swept, "d3", "--site", "layer.0.head.3").output
    assert "attention site layer.0.head.3" in one


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


def with_sites(report, path, sites):
    """A copy of a run that says of each of some sites what it says of its only one."""
    shutil.copytree(report, path)
    run = json.loads((path / "run.json").read_text())
    for part in ("claims", "models"):
        run[part] = [one | {"site": site} for site in sites for one in run[part]]
    (path / "run.json").write_text(json.dumps(run))
    return path
