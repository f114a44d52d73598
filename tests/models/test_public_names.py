import subprocess
import sys

import pytest

from attnaudit import models


def test_every_public_name_is_there():
    assert sorted(models._MODULES) == models.__all__ == sorted(models.__all__)
    for name in models.__all__:
        assert getattr(models, name).__name__ == name


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="has no attribute 'frobnicate'"):
        models.frobnicate  # noqa: B018


def test_importing_the_package_alone_does_not_import_torch():
    code = "import sys, attnaudit.models; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
