from attnaudit.store.run import read_run, write_run


def test_without_a_file_the_card_is_printed(call, report):
    done = call("card", report)
    assert done.exit_code == 0, done.output
    assert done.output.startswith("---\nmodel-index:\n- name: news\n")
    assert "## Attention audit" in done.output


def test_a_readme_is_made_and_stays_the_same_the_second_time(call, report, tmp_path):
    readme = tmp_path / "README.md"
    assert call("card", report, "--into", readme).output == f"{readme}\n"
    first = readme.read_bytes()
    assert first.decode() == call("card", report).output
    assert call("card", report, "--into", readme).output == f"{readme} says so already\n"
    assert readme.read_bytes() == first


def test_a_file_that_is_no_text_stays_as_it_is(call, report, tmp_path):
    readme = tmp_path / "README.md"
    readme.write_bytes(b"\xff\xfe")
    done = call("card", report, "--into", readme)
    assert done.exit_code == 2
    assert "cannot be read as UTF-8" in done.stderr
    assert readme.read_bytes() == b"\xff\xfe"


def test_of_several_models_one_has_to_be_named(call, report, tmp_path):
    stored = read_run(report / "run.json")
    other = stored.models[0].model_copy(update={"name": "other"})
    write_run(tmp_path / "run.json", stored.model_copy(update={"models": (*stored.models, other)}))
    done = call("card", tmp_path)
    assert done.exit_code == 2
    assert "are news, other; name one with --model" in done.stderr
    assert call("card", tmp_path, "--model", "other").output.startswith("---\nmodel-index:")


def test_a_model_that_the_run_does_not_have_is_refused(call, report):
    done = call("card", report, "--model", "other")
    assert done.exit_code == 2
    assert "are news; 'other' is none of them" in done.stderr
