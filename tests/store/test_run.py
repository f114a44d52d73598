import pytest

from attnaudit.errors import UsageError
from attnaudit.store.run import read_run


def test_a_missing_run_is_named(tmp_path):
    with pytest.raises(UsageError, match="cannot be read"):
        read_run(tmp_path / "run.json")


@pytest.mark.parametrize("content", ["", "[", "{}", '{"schema": 2}'])
def test_another_format_is_refused(tmp_path, content):
    (tmp_path / "run.json").write_text(content)
    with pytest.raises(UsageError, match="not a run of schema 1"):
        read_run(tmp_path / "run.json")
