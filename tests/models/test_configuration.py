import json
import subprocess
import sys

import pytest
from pydantic import ValidationError

from attnaudit.errors import ModelError
from attnaudit.models.configuration import read_configuration


@pytest.fixture
def write(make_configuration, tmp_path):
    """A directory whose configuration has some fields changed; None removes one."""

    def write(**changes):
        fields = json.loads(make_configuration().model_dump_json()) | changes
        kept = {key: value for key, value in fields.items() if value is not None}
        (tmp_path / "config.json").write_text(json.dumps(kept), encoding="utf-8")
        return tmp_path

    return write


def test_what_is_written_is_what_is_read(write, make_configuration):
    assert read_configuration(write()) == make_configuration()


def test_reading_a_configuration_does_not_import_torch(write):
    code = (
        "import sys; from pathlib import Path;"
        "from attnaudit.models.configuration import read_configuration;"
        f"print(read_configuration(Path({str(write())!r})).classes);"
        "sys.exit('torch' in sys.modules)"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stderr
    assert found.stdout == "('negative', 'positive')\n"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"hiden_size": 8}, r"unknown key 'hiden_size'; did you mean 'hidden_size'\?"),
        ({"encoder": "transformer"}, "encoder: .*found 'transformer'"),
        ({"encoder": None}, "encoder: Field required"),
        ({"hidden_size": "8"}, "hidden_size: .*valid integer; found '8'"),
        ({"hidden_size": 8.0}, "hidden_size: .*valid integer; found 8.0"),
        ({"hidden_size": True}, "hidden_size: .*valid integer; found True"),
        ({"embedding_size": 10**9}, "embedding_size: .*less than or equal to 8192"),
        ({"vocabulary_size": 10**15}, "vocabulary_size: .*less than or equal to 10000000"),
        ({"vocabulary_size": -1}, "vocabulary_size: .*greater than or equal to 4"),
        ({"max_tokens": 0}, "max_tokens: .*greater than or equal to 1"),
        ({"classes": ["positive", "negative"]}, "classes must be sorted and unique"),
        ({"classes": ["same", "same"]}, "classes must be sorted and unique"),
        ({"classes": ["one"]}, "classes: .*at least 2"),
        ({"classes": ["\x1b[31mred", "white"]}, "printable"),
        ({"classes": ["a", "b", "c"]}, "'binary' needs two classes, found 3"),
        ({"encoder": "cnn", "hidden_size": 6}, "multiple of 4; found 6"),
        ({"format": "bert"}, "must have format 'attnaudit-classifier'; found 'bert'"),
        ({"format": None}, "must have format 'attnaudit-classifier'; found None"),
        ({"version": 2}, "format version 2, but this attnaudit reads version 1"),
        ({"version": True}, "format version True, but"),
    ],
)
def test_a_wrong_field_is_named_with_what_was_found(changes, message, write):
    with pytest.raises(ModelError, match=message) as caught:
        read_configuration(write(**changes))
    assert "config.json of" in str(caught.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"{", "is not JSON"),
        (b"\xff\xfe\xfa", "is not JSON"),
        (b"[" * 100_000, "is not JSON"),
        (b'["classes"]', "must be a JSON object; found list"),
        (b'{"a": "' + b"x" * 2**20 + b'"}', "more than 1,048,576 bytes"),
    ],
    ids=["empty", "cut", "broken UTF-8", "nested", "list", "large"],
)
def test_a_file_that_is_no_configuration_is_refused(content, message, tmp_path):
    (tmp_path / "config.json").write_bytes(content)
    with pytest.raises(ModelError, match=message):
        read_configuration(tmp_path)


def test_a_configuration_cannot_be_changed(make_configuration):
    configuration = make_configuration()
    with pytest.raises(ValidationError):
        configuration.encoder = "cnn"
