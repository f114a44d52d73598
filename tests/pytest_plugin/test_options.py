import subprocess
import sys
import tempfile

import pyarrow.parquet as pq
import pytest
import torch


def stored(session_report, kind):
    return [pq.read_table(path) for path in sorted(session_report.glob(f"{kind}/**/*.parquet"))]


def test_a_limit_audits_a_sample_that_the_seed_chooses(
    audit_session, planted_directories, pytester
):
    def audited(seed, report):
        audit_session(
            "--model",
            planted_directories["faithful"],
            "--attn-limit",
            10,
            "--attn-seed",
            seed,
            "-k",
            "order-matters",
            report=report,
        )
        [table] = stored(pytester.path / report, "documents")
        return table["id"].to_pylist()

    first = audited(0, "first")
    assert len(first) == 10
    assert first != [f"d{number}" for number in range(10)]
    assert audited(0, "again") == first
    assert audited(1, "other") != first


def test_no_word_is_stored_when_none_may_be(audit_session, planted_directories, pytester):
    model = planted_directories["faithful"]
    audit_session("--model", model, "--attn-no-text", "-k", "order-matters")
    [table] = stored(pytester.path / "report", "documents")
    assert table["tokens"].null_count == len(table)
    assert table["attention"].null_count == 0


def test_documents_and_measurements_are_stored_with_their_evidence(
    audit_session, planted_directories, pytester
):
    audit_session("--model", planted_directories["faithful"])
    [documents] = stored(pytester.path / "report", "documents")
    row = documents.to_pylist()[0]
    assert row["predicted"] == row["label"]
    assert sum(row["attention"]) == pytest.approx(1.0)
    assert len(row["tokens"]) == len(row["attention"]) == row["length"]
    witnesses = [
        value
        for table in stored(pytester.path / "report", "measurements")
        for value in table.to_pylist()
        if value["witness"] is not None
    ]
    assert len(witnesses) == 120
    assert sum(witnesses[0]["witness"]) == pytest.approx(1.0)


def test_a_second_run_in_the_same_report_measures_nothing_again(
    audit_session, planted_directories, pytester
):
    model = planted_directories["faithful"]
    first = audit_session("--model", model)
    parts = sorted((pytester.path / "report").glob("*/**/*.parquet"))
    written = [path.stat().st_mtime_ns for path in parts]
    second = audit_session("--model", model)
    assert [path.stat().st_mtime_ns for path in parts] == written
    assert second.run["claims"] == first.run["claims"]
    assert len(parts) == 8


def test_nothing_is_left_behind_without_a_report(
    audit_session, planted_directories, tmp_path, monkeypatch
):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    model = planted_directories["faithful"]
    session = audit_session("--model", model, "-k", "order-matters", report=None)
    assert session.status == pytest.ExitCode.OK
    assert list(tmp_path.iterdir()) == []


def test_columns_of_a_users_file_are_named_by_an_option(
    audit_session, planted_directories, tmp_path
):
    path = tmp_path / "reviews.csv"
    path.write_text("review,stars\n" + "a superb film,1\nthe awful film,0\n" * 20)
    session = audit_session(
        "--model",
        planted_directories["faithful"],
        "--data",
        path,
        "--attn-columns",
        "text=review,label=stars",
        "-k",
        "order-matters",
    )
    assert session.run["models"][0]["documents"]["n"] == 40


def test_a_users_own_model_is_audited_by_its_factory(audit_session, pytester):
    pytester.makepyfile(
        mine="""
        from attnaudit.models import faithful_model

        def make():
            return faithful_model()
        """
    )
    pytester.makefile(".csv", data="text,label\n" + "a superb film,positive\n" * 30)
    pytester.syspathinsert()
    session = audit_session("--model", "mine:make", "--data", "data.csv", "-k", "order-matters")
    assert session.outcomes("mine.make") == {"order-matters": "supported"}


def test_labels_are_checked_against_the_classes_of_a_factory(audit_session, pytester):
    pytester.makefile(".csv", data="text,label\n" + "a superb film,sideways\n" * 30)
    model = "attnaudit.models.planted:faithful_model"
    session = audit_session("--model", model, "--data", "data.csv", "-k", "order-matters")
    session.result.assert_outcomes(errors=1)
    assert "sideways" in session.text


def test_a_precision_that_a_factory_does_not_give_is_not_ignored(audit_session, pytester):
    pytester.makefile(".csv", data="text,label\n" + "a superb film,1\n" * 30)
    model = "attnaudit.models.planted:faithful_model"
    options = ("--data", "data.csv", "-k", "order-matters", "--attn-dtype", "float32")
    session = audit_session("--model", model, *options)
    session.result.assert_outcomes(errors=1)
    assert "the factory's model is in float64" in session.text


def test_a_misspelled_audit_stops_the_session(pytester):
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.attention_audit("permutaton")
        def test_order(audit):
            audit.check()
        """
    )
    result = pytester.runpytest_inprocess("-p", "no:benchmark")
    assert result.ret != pytest.ExitCode.OK
    result.stdout.fnmatch_lines(["*takes one of*permutation*found 'permutaton'*"])


def test_what_was_planned_and_not_decided_is_kept_and_shown(audit_session, planted_directories):
    model = planted_directories["faithful"]
    session = audit_session("--model", model, "-k", "order-matters")
    assert len(session.run["undecided"]) == session.run["settings"]["claims_counted"] - 1
    assert "not decided in this session" in session.text


def test_a_session_without_audits_leaves_no_folder_behind(pytester, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    pytester.makepyfile("def test_nothing(): pass")
    result = pytester.runpytest_inprocess("-p", "no:benchmark", "-n", "1")
    result.assert_outcomes(passed=1)
    assert [path for path in tmp_path.iterdir() if path.name.startswith("attnaudit")] == []


def test_an_unknown_site_is_an_error_that_names_the_known_ones(audit_session, planted_directories):
    model = planted_directories["faithful"]
    session = audit_session("--model", model, "--attn-site", "layer.9", "-k", "order-matters")
    session.result.assert_outcomes(errors=1)
    assert "its sites are attention" in session.text


def test_single_precision_reaches_the_same_verdicts(audit_session, planted_directories):
    model = planted_directories["faithful"]
    session = audit_session("--model", model, "--attn-dtype", "float32")
    assert set(session.outcomes().values()) == {"supported"}
    assert session.run["models"][0]["dtype"] == "float32"


@pytest.mark.skipif(torch.cuda.is_available(), reason="needs a machine without CUDA")
def test_a_missing_gpu_is_an_error_in_words(audit_session, planted_directories):
    model = planted_directories["faithful"]
    session = audit_session("--model", model, "--device", "cuda", "-k", "order-matters")
    session.result.assert_outcomes(errors=1)
    assert "CUDA" in session.text


def test_more_than_a_twentieth_of_unusable_documents_is_an_error(
    audit_session, planted_directories, tmp_path
):
    path = tmp_path / "long.jsonl"
    long = '{"id": "long", "tokens": [' + ", ".join(['"film"'] * 50_000) + "]}\n"
    empty = '{"id": "empty", "text": "   "}\n'
    short = [f'{{"id": "s{number}", "text": "a superb film"}}\n' for number in range(40)]
    path.write_text(long + empty + "".join(short))
    options = ("--model", planted_directories["faithful"], "--data", path, "-k", "order-matters")
    few = audit_session(*options, report="few")
    skipped = few.run["models"][0]["documents"]["skipped"]
    assert "50000" in skipped["long"]
    assert "token" in skipped["empty"]
    path.write_text(long + empty + "".join(short[:30]))
    many = audit_session(*options, report="many")
    many.result.assert_outcomes(errors=1)
    assert "2 of 32 documents" in many.text


def test_a_test_may_ask_for_the_model_and_its_documents(pytester, planted_directories):
    pytester.makepyfile(
        """
        def test_sees_the_model(attn_model, attn_documents):
            batch = attn_model.prepare(attn_documents[:2])
            assert len(attn_model.attend(batch, sites=["attention"])[0].units) == 2
        """
    )
    model = planted_directories["faithful"]
    result = pytester.runpytest_inprocess("--attn-model", str(model), "-p", "no:benchmark")
    result.assert_outcomes(passed=1)


def test_a_test_may_ask_for_the_model_behind_a_decided_claim(pytester, planted_directories):
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.attention_audit("permutation")
        def test_has_both(audit, attn_model):
            assert audit.outcome.value == "supported"
            assert attn_model.outputs.classes == ("negative", "positive")
        """
    )
    model = planted_directories["faithful"]
    result = pytester.runpytest_inprocess("--attn-model", str(model), "-p", "no:benchmark")
    result.assert_outcomes(passed=1)


def test_a_device_that_a_factory_does_not_use_is_not_ignored(audit_session, pytester):
    pytester.makefile(".csv", data="text,label\n" + "a superb film,1\n" * 30)
    model = "attnaudit.models.planted:faithful_model"
    options = ("--data", "data.csv", "-k", "order-matters", "--device", "cuda")
    session = audit_session("--model", model, *options)
    session.result.assert_outcomes(errors=1)
    assert "the factory's model lies on cpu" in session.text


def test_loading_the_plugin_imports_no_torch():
    code = "import sys, attnaudit.pytest_plugin; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_planning_an_audit_imports_no_torch(planted_directories):
    code = (
        "import sys\n"
        "from attnaudit.runs.plan import Request, make_plan\n"
        f"plan = make_plan(Request(models=({str(planted_directories['faithful'])!r},)))\n"
        "sys.exit(len(plan.cases) != 8 or 'torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
