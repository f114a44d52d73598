import pytest

from attnaudit.errors import ModelError, UsageError
from attnaudit.models import load_factory, open_model, save_model


@pytest.fixture
def module(tmp_path, monkeypatch):
    """A module of the user that can be imported by the name returned."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def write(name, content):
        (tmp_path / f"{name}.py").write_text(content, encoding="utf-8")
        return name

    return write


def test_the_model_of_a_factory_is_used_as_it_is(module, documents):
    name = module("user_model_right", "from attnaudit.models import faithful_model as make\n")
    model = load_factory(f"{name}:make")
    assert open_model(f"{name}:make").digest == model.digest
    assert len(model.prepare(documents).documents) == len(documents)


@pytest.mark.parametrize(
    ("content", "function", "message"),
    [
        ("", "make", "has no 'make'"),
        ("make = 3", "make", "make is a int, not a function"),
        ("def make(): return 3", "make", "returned a int.*lacks outputs, sites, digest"),
        ("def make(path): return path", "make", "factory raised TypeError"),
        ("def make(): raise OSError('no such weights')", "make", "raised OSError: no such weights"),
        ("1 / 0", "make", "importing .* raised ZeroDivisionError"),
        ("import not_there_at_all", "make", "importing .* failed: No module.*not_there_at_all"),
    ],
    ids=["name", "value", "result", "parameters", "raises", "import raises", "import lacks"],
)
def test_a_broken_factory_is_refused_with_what_is_wrong(
    content, function, message, module, request
):
    name = module(f"user_model_{abs(hash(request.node.callspec.id))}", content)
    with pytest.raises(ModelError, match=message) as caught:
        load_factory(f"{name}:{function}")
    assert name in str(caught.value)


@pytest.mark.parametrize("spec", ["no_such_package_here.module:f", "attnaudit.no_such_module:f"])
def test_a_missing_module_is_told_from_one_that_fails(spec):
    with pytest.raises(ModelError, match=r"there is no module '[\w.]*no_such_"):
        load_factory(spec)


def test_a_class_lacking_one_member_is_refused_by_that_member(module):
    name = module(
        "user_model_lacking",
        "from attnaudit.models import PaperModel\n"
        "class Partial: pass\n"
        "for name in (n for n in dir(PaperModel) if n[0] != '_' and n != 'embed'):\n"
        "    setattr(Partial, name, 0)\n",
    )
    with pytest.raises(ModelError, match=r"returned a Partial.*: it lacks embed\. Wrap it"):
        load_factory(f"{name}:Partial")


def test_a_path_given_as_a_factory_is_refused():
    with pytest.raises(ModelError, match=r"written package\.module:function; found 'runs/x'"):
        load_factory("runs/x")


def test_a_path_opens_the_directory(make_model, tmp_path):
    model = make_model()
    save_model(model, tmp_path / "a")
    assert open_model(str(tmp_path / "a")).digest == model.digest
    with pytest.raises(ModelError, match="there is no model directory"):
        open_model(str(tmp_path / "b"))
    with pytest.raises(UsageError, match="found 'tpu'"):
        open_model(str(tmp_path / "a"), device="tpu")
