from pathlib import Path
from types import SimpleNamespace

import pytest

from attnaudit.errors import ModelError
from attnaudit.models.transformers.classes import read_outputs


def outputs(names, problem_type=None):
    configuration = SimpleNamespace(id2label=names, problem_type=problem_type)
    return read_outputs(configuration, Path("model"))


def test_classes_stand_in_the_order_of_their_numbers():
    assert outputs({1: "good", 0: "bad"}).classes == ("bad", "good")


@pytest.mark.parametrize(
    ("names", "problem_type", "message"),
    [
        ({0: "stars"}, None, "predicts one number"),
        ({0: "a", 1: "b", 2: "c"}, "regression", "it predicts 3 numbers"),
        ({0: "a", 2: "b", 3: "c"}, None, "must number its 3 classes from 0 to 2; found 0, 2, 3"),
        ({0: "a", 1: "a"}, None, "two classes one name"),
        ({0: "a", 1: "b\x1b[2J"}, None, r"a class 'b\\x1b\[2J', which cannot be printed"),
        ({0: "a", 1: " "}, None, "cannot be printed"),
    ],
)
def test_what_has_no_named_classes_is_refused(names, problem_type, message):
    with pytest.raises(ModelError, match=message):
        outputs(names, problem_type)
