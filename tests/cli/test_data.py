"""What `attnaudit data` says of sets that are in the cache."""

from attnaudit.data import catalog


def test_a_damaged_record_is_shown_and_the_other_names_listed(call, monkeypatch, tmp_path):
    monkeypatch.setenv("ATTNAUDIT_CACHE", str(tmp_path))
    folder = tmp_path / "imdb" / catalog.show("imdb").origin.edition
    folder.mkdir(parents=True)
    (folder / "documents.sha256").write_text("nothing\n")
    done = call("data", "list")
    assert done.exit_code == 0
    words = {line.split()[0]: line.split()[1:3] for line in done.output.splitlines()}
    assert tuple(words) == catalog.names()
    assert [name for name, (first, _) in words.items() if first == "damaged"] == ["imdb"]
    assert words["snli"] == ["not", "fetched"]
