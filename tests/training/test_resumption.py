import builtins
import itertools
import json
import signal

import pytest
import torch

from attnaudit.data.write import write_documents
from attnaudit.errors import UsageError
from attnaudit.training import loop, train, trainer

FILES = {
    "audit.toml",
    "config.json",
    "documents.jsonl",
    "model.safetensors",
    "training-documents.bin",
    "training.json",
    "vocabulary.json",
}


@pytest.fixture
def interrupted(monkeypatch):
    """Train until an interrupt in some epoch (from zero), after some of its batches."""

    def run(options, out, *, epoch, after=0):
        def batches(*given, **named):
            found = original(*given, **named)
            return _Broken(found, after) if named["epoch"] == epoch else found

        original = loop.shuffled_batches
        with monkeypatch.context() as patched:
            patched.setattr(loop, "shuffled_batches", batches)
            with pytest.raises(KeyboardInterrupt):
                train(options, out)

    return run


class _Broken:
    def __init__(self, batches, after):
        self._batches, self._after = batches, after

    def __len__(self):
        return len(self._batches)

    def __iter__(self):
        yield from itertools.islice(self._batches, self._after)
        raise KeyboardInterrupt


class _Trap:
    def __reduce__(self):
        return exec, ("import builtins; builtins._sprung = True",)


@pytest.fixture
def steps(monkeypatch):
    """One entry per step of training."""
    taken = []

    def counted(*given):
        taken.append(1)
        return original(*given)

    original = loop.weighted_loss
    monkeypatch.setattr(loop, "weighted_loss", counted)
    return taken


def weights_of(out):
    return (out / "model.safetensors").read_bytes()


def scores_of(out):
    report = json.loads((out / "training.json").read_text())
    return {key: report[key] for key in ("test", "dev", "epoch", "digests", "documents")}


@pytest.mark.parametrize(
    ("encoder", "after"),
    [("bilstm", 0), ("bilstm", 3), ("average", 0), ("cnn", 3)],
    ids=lambda value: {0: "at-the-start-of-an-epoch", 3: "within-an-epoch"}.get(value, value),
)
def test_an_interrupted_training_goes_on_to_the_same_weights(  # noqa: PLR0917
    make_options, interrupted, steps, tmp_path, encoder, after
):
    options = make_options(encoder=encoder, epochs=4)
    train(options, tmp_path / "whole")
    assert len(steps) == 40
    interrupted(options, tmp_path / "parted", epoch=2, after=after)
    assert {path.name for path in (tmp_path / "parted").iterdir()} == {".training"}
    steps.clear()
    train(options, tmp_path / "parted")
    assert len(steps) == 20
    assert weights_of(tmp_path / "parted") == weights_of(tmp_path / "whole")
    assert scores_of(tmp_path / "parted") == scores_of(tmp_path / "whole")
    assert {path.name for path in (tmp_path / "parted").iterdir()} == FILES


def test_an_interrupt_leaves_the_signal_as_it_was(make_options, interrupted, tmp_path):
    handler = signal.getsignal(signal.SIGINT)
    interrupted(make_options(), tmp_path / "out", epoch=0)
    assert signal.getsignal(signal.SIGINT) is handler


def test_an_exit_that_is_no_interrupt_stays_one(make_options, monkeypatch, tmp_path):
    def leave(*_):
        raise SystemExit(3)

    monkeypatch.setattr(loop, "weighted_loss", leave)
    with pytest.raises(SystemExit, match="3"):
        train(make_options(), tmp_path / "out")


def test_a_training_that_only_has_to_be_written_is_not_trained_again(
    make_options, monkeypatch, steps, tmp_path
):
    def full(*_):
        raise OSError("disk full")

    options, out = make_options(), tmp_path / "out"
    train(options, tmp_path / "whole")
    with monkeypatch.context() as patched:
        patched.setattr(trainer, "save_model", full)
        with pytest.raises(OSError, match="disk full"):
            train(options, out)
    steps.clear()
    train(options, out)
    assert steps == []
    assert weights_of(out) == weights_of(tmp_path / "whole")
    assert {path.name for path in out.iterdir()} == FILES


def test_a_training_killed_after_its_perfect_epoch_goes_on_with_no_other(  # noqa: PLR0917
    make_options, make_documents, data, monkeypatch, steps, tmp_path
):
    def save(self, checkpoint, path, storage_options=None):
        original(self, checkpoint, path, storage_options)
        if checkpoint["attnaudit"]["best"]["score"] >= loop.PERFECT:
            raise KeyboardInterrupt

    write_documents(data, make_documents(sizes=(("train", 240), ("dev", 20), ("test", 20))))
    options = make_options(embedding_size=128, hidden_size=32, epochs=9)
    whole, parted = tmp_path / "whole", tmp_path / "parted"
    assert train(options, whole).epoch < 9
    original = loop._SafeCheckpoints.save_checkpoint
    with monkeypatch.context() as patched:
        patched.setattr(loop._SafeCheckpoints, "save_checkpoint", save)
        with pytest.raises(KeyboardInterrupt):
            train(options, parted)
    assert not (parted / "model.safetensors").exists()
    steps.clear()
    train(options, parted)
    assert steps == []
    assert weights_of(parted) == weights_of(whole)
    assert scores_of(parted) == scores_of(whole)


def test_a_finished_training_is_not_trained_again(make_options, monkeypatch, tmp_path):
    options, out = make_options(), tmp_path / "out"
    first = train(options, out)
    monkeypatch.setattr(trainer, "fit", None)
    assert train(options, out) == first


def test_a_training_begun_or_finished_with_other_options_is_refused_and_left_alone(
    make_options, interrupted, tmp_path
):
    begun, finished = tmp_path / "begun", tmp_path / "finished"
    interrupted(make_options(), begun, epoch=1)
    train(make_options(), finished)
    before = weights_of(finished)
    for out in (begun, finished):
        with pytest.raises(UsageError, match=r"another --hidden-size: 4 there, 8 now"):
            train(make_options(hidden_size=8), out)
    assert weights_of(finished) == before
    assert (begun / ".training" / loop.CHECKPOINT).exists()


def test_other_documents_under_the_same_name_are_refused(
    make_options, make_documents, data, tmp_path
):
    train(make_options(epochs=1), tmp_path / "out")
    write_documents(data, make_documents(seed=1))
    with pytest.raises(UsageError, match="another content of dev"):
        train(make_options(epochs=1), tmp_path / "out")


def test_a_damaged_checkpoint_is_refused(make_options, interrupted, tmp_path):
    interrupted(make_options(), tmp_path / "out", epoch=1)
    checkpoint = tmp_path / "out" / ".training" / loop.CHECKPOINT
    checkpoint.write_bytes(checkpoint.read_bytes()[:100])
    with pytest.raises(UsageError, match="cannot be gone on from"):
        train(make_options(), tmp_path / "out")


def test_a_checkpoint_with_code_in_it_runs_none(make_options, interrupted, monkeypatch, tmp_path):
    interrupted(make_options(), tmp_path / "out", epoch=1)
    torch.save({"code": _Trap()}, tmp_path / "out" / ".training" / loop.CHECKPOINT)
    monkeypatch.setattr(builtins, "_sprung", False, raising=False)
    with pytest.raises(UsageError, match="cannot be gone on from"):
        train(make_options(), tmp_path / "out")
    assert not builtins._sprung
