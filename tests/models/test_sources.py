import subprocess
import sys

import pytest

from attnaudit.models.sources import is_factory


@pytest.mark.parametrize("spec", ["package.module:factory", "module:factory", "_m:f", "mod_2:make"])
def test_a_module_and_a_function_name_a_factory(spec):
    assert is_factory(spec)


@pytest.mark.parametrize(
    "spec",
    [
        "runs/20news", "runs", "/abs/path", "C:model", "C:\\models\\sst", "c:/models", "./a:b",
        "a:b:c", ":factory", "module:", "2mod:factory", "pack..age:f", "a b:c", "module:f\n", "",
    ],
)  # fmt: skip
def test_a_path_is_no_factory(spec):
    assert not is_factory(spec)


def test_asking_does_not_import_torch():
    code = (
        "import sys; from attnaudit.models.sources import is_factory;"
        "sys.exit(not is_factory('a1.b:c') or 'torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
