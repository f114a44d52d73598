import builtins
import json
import signal
import subprocess
import sys
from dataclasses import replace

import pytest
import torch

from attnaudit.data.read import read_documents
from attnaudit.data.write import write_documents
from attnaudit.errors import DataError, UsageError
from attnaudit.models import load_model
from attnaudit.runs.plan import Request, make_plan
from attnaudit.training import loop, train, trainer

FILES = {
    "audit.toml",
    "config.json",
    "documents.jsonl",
    "model.safetensors",
    "training.json",
    "vocabulary.json",
}


def interrupt(monkeypatch, *, epoch, after=0, error=KeyboardInterrupt):
    """Stop training in the given epoch (from zero), after some of its batches."""

    def batches(*given, **named):
        found = loop_batches(*given, **named)
        if named["epoch"] != epoch:
            return found

        class Broken(type(found)):
            def __iter__(self):
                for place, batch in enumerate(super().__iter__()):
                    if place == after:
                        raise error
                    yield batch

        return Broken(found.examples, found.rows)

    loop_batches = loop.shuffled_batches
    monkeypatch.setattr(loop, "shuffled_batches", batches)


def weights_of(out):
    return (out / "model.safetensors").read_bytes()


def scores_of(out):
    report = json.loads((out / "training.json").read_text())
    return {key: report[key] for key in ("test", "dev", "epoch", "digests", "documents")}


@pytest.mark.parametrize("encoder", ["bilstm", "cnn", "average"])
def test_every_encoder_learns_what_one_word_decides(make_options, tmp_path, encoder):
    options = make_options(encoder=encoder, attention="dot", embedding_size=32, epochs=12)
    report = train(replace(options, hidden_size=16), tmp_path / "out")
    assert report.test.accuracy == 1.0
    assert report.test.f1 == 1.0
    assert report.dev.auroc == 1.0


def test_three_classes_are_learned_with_a_softmax(make_options, make_documents, data, tmp_path):
    sizes = (("train", 60), ("dev", 12), ("test", 12))
    write_documents(data, make_documents(classes=("bad", "good", "odd"), sizes=sizes))
    report = train(make_options(embedding_size=32, epochs=12), tmp_path / "out")
    assert load_model(tmp_path / "out").outputs.kind == "softmax"
    assert report.test.accuracy == 1.0


def test_labels_that_say_nothing_are_not_learned(make_options, make_documents, data, tmp_path):
    sizes = (("train", 40), ("dev", 40), ("test", 40))
    documents = [
        replace(one, label=("bad", "good")[number // 2 % 2])
        for number, one in enumerate(make_documents(sizes=sizes))
    ]
    write_documents(data, documents)
    assert train(make_options(epochs=6), tmp_path / "out").test.accuracy < 0.8


def test_the_directory_is_a_model_that_scores_as_reported(make_options, data, tmp_path):
    out = tmp_path / "out"
    report = train(make_options(epochs=4), out)
    assert {path.name for path in out.iterdir()} == FILES
    model = load_model(out)
    documents = [one for one in read_documents(data) if one.split == "test"]
    (attended,) = model.attend(model.prepare(documents), sites=["attention"])
    right = [
        model.outputs.classes[place] == document.label
        for place, document in zip(attended.probabilities.argmax(1), documents, strict=True)
    ]
    assert report.test.accuracy == sum(right) / len(right)


def test_weights_are_stored_in_single_precision(make_options, tmp_path):
    train(make_options(epochs=1), tmp_path / "out")
    header = weights_of(tmp_path / "out").split(b"\n", 1)[0][:2000].decode(errors="replace")
    assert '"F32"' in header
    assert '"F64"' not in header


def test_the_report_says_what_was_done(make_options, tmp_path):
    out = tmp_path / "out"
    report = train(make_options(seed=5, min_tokens=5), out)
    written = json.loads((out / "training.json").read_text())
    assert written["seed"] == 5
    assert written["options"]["min_tokens"] == 5
    assert written["options"]["tokenizer"] == "whitespace"
    assert written["seconds"] == report.seconds > 0
    assert set(written["test"]) == set(written["dev"]) == {"accuracy", "f1", "auroc"}
    assert written["documents"]["train"] + written["left_out"]["train"] == 40
    assert written["left_out"]["train"] > 0
    assert written["versions"]["torch"] == torch.__version__


def test_the_audit_plan_finds_exactly_the_test_split(make_options, data, tmp_path):
    out = tmp_path / "out"
    train(make_options(min_tokens=5, epochs=1), out)
    (subject,) = make_plan(Request(models=(str(out),))).subjects
    expected = [
        one for one in read_documents(data) if one.split == "test" and len(one.text.split()) >= 5
    ]
    assert list(subject.documents) == expected


@pytest.mark.parametrize("left_out", [False, True])
def test_a_catalog_name_is_audited_by_name_unless_documents_were_left_out(
    make_options, make_documents, monkeypatch, tmp_path, left_out
):
    monkeypatch.setattr(trainer, "read_documents", lambda _, *, columns: make_documents())  # noqa: ARG005
    out = tmp_path / "out"
    limits = {"min_tokens": 6} if left_out else {}
    train(make_options(data="20news-sports", tokenizer=None, epochs=1, **limits), out)
    audit_file = (out / "audit.toml").read_text()
    assert ('data = "20news-sports"' in audit_file) == (not left_out)
    assert (out / "documents.jsonl").exists() == left_out
    assert json.loads((out / "config.json").read_text())["tokenizer"] == "whitespace"


def test_local_texts_are_split_by_spacy_unless_told_otherwise(make_options, tmp_path):
    train(make_options(tokenizer=None, epochs=1), tmp_path / "out")
    assert load_model(tmp_path / "out").configuration.tokenizer == "spacy"


def test_equal_seeds_give_equal_weights_and_other_seeds_give_others(make_options, tmp_path):
    for name, seed in (("one", 0), ("two", 0), ("three", 1)):
        train(make_options(seed=seed), tmp_path / name)
    assert weights_of(tmp_path / "one") == weights_of(tmp_path / "two")
    assert weights_of(tmp_path / "one") != weights_of(tmp_path / "three")


def test_global_generators_and_warnings_are_left_alone(make_options, tmp_path):
    state = torch.random.get_rng_state()
    handler = signal.getsignal(signal.SIGINT)
    train(make_options(), tmp_path / "out")
    assert torch.equal(state, torch.random.get_rng_state())
    assert signal.getsignal(signal.SIGINT) is handler


@pytest.mark.parametrize("after", [0, 3], ids=["at the start of an epoch", "within an epoch"])
@pytest.mark.parametrize("encoder", ["bilstm", "average"])
def test_an_interrupted_training_goes_on_to_the_same_weights(
    make_options, monkeypatch, tmp_path, encoder, after
):
    options = make_options(encoder=encoder, epochs=4)
    train(options, tmp_path / "whole")
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        interrupt(patched, epoch=2, after=after)
        train(options, tmp_path / "parted")
    assert {path.name for path in (tmp_path / "parted").iterdir()} == {".training"}
    seen = []
    with monkeypatch.context() as patched:
        counted = loop.shuffled_batches
        patched.setattr(
            loop,
            "shuffled_batches",
            lambda *given, **named: seen.append(named["epoch"]) or counted(*given, **named),
        )
        train(options, tmp_path / "parted")
    assert set(seen) <= {2, 3}
    assert weights_of(tmp_path / "parted") == weights_of(tmp_path / "whole")
    assert scores_of(tmp_path / "parted") == scores_of(tmp_path / "whole")
    assert {path.name for path in (tmp_path / "parted").iterdir()} == FILES


def test_an_interrupt_leaves_the_signal_as_it_was(make_options, monkeypatch, tmp_path):
    handler = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        interrupt(monkeypatch, epoch=0)
        train(make_options(), tmp_path / "out")
    assert signal.getsignal(signal.SIGINT) is handler


def test_a_training_that_only_has_to_be_written_is_not_trained_again(
    make_options, monkeypatch, tmp_path
):
    def full(*_):
        raise OSError("disk full")

    options, out = make_options(), tmp_path / "out"
    train(options, tmp_path / "whole")
    with monkeypatch.context() as patched, pytest.raises(OSError, match="disk full"):
        patched.setattr(trainer, "save_model", full)
        train(options, out)
    interrupt(monkeypatch, epoch=2)
    train(options, out)
    assert weights_of(out) == weights_of(tmp_path / "whole")
    assert {path.name for path in out.iterdir()} == FILES


def test_a_finished_training_is_not_trained_again(make_options, monkeypatch, tmp_path):
    options, out = make_options(), tmp_path / "out"
    first = train(options, out)
    monkeypatch.setattr(trainer, "fit", None)
    assert train(options, out) == first


def test_a_training_begun_or_finished_with_other_options_is_refused_and_left_alone(
    make_options, monkeypatch, tmp_path
):
    begun, finished = tmp_path / "begun", tmp_path / "finished"
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        interrupt(patched, epoch=1)
        train(make_options(), begun)
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


def test_a_damaged_checkpoint_is_refused(make_options, monkeypatch, tmp_path):
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        interrupt(patched, epoch=1)
        train(make_options(), tmp_path / "out")
    checkpoint = tmp_path / "out" / ".training" / loop.CHECKPOINT
    checkpoint.write_bytes(checkpoint.read_bytes()[:100])
    with pytest.raises(UsageError, match="cannot be gone on from"):
        train(make_options(), tmp_path / "out")


def test_a_checkpoint_with_code_in_it_runs_none(make_options, monkeypatch, tmp_path):
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        interrupt(patched, epoch=1)
        train(make_options(), tmp_path / "out")
    torch.save({"code": _Trap()}, tmp_path / "out" / ".training" / loop.CHECKPOINT)
    monkeypatch.setattr(builtins, "_sprung", False, raising=False)
    with pytest.raises(UsageError, match="cannot be gone on from"):
        train(make_options(), tmp_path / "out")
    assert not builtins._sprung


class _Trap:
    def __reduce__(self):
        return exec, ("import builtins; builtins._sprung = True",)


def test_vectors_are_what_training_begins_with(make_options, tmp_path):
    path = tmp_path / "vectors.txt"
    path.write_text("".join(f"{word} {' '.join(['0.5'] * 8)}\n" for word in ("film", "great")))
    train(make_options(embeddings=str(path), epochs=1), tmp_path / "with")
    train(make_options(epochs=1), tmp_path / "without")
    model = load_model(tmp_path / "with")
    (row,) = model.vocabulary.encode(["film"])
    torch.testing.assert_close(
        model.network.embedding.weight[row],
        torch.full((8,), 0.5, dtype=torch.float64),
        atol=0.05,
        rtol=0,
    )
    assert weights_of(tmp_path / "with") != weights_of(tmp_path / "without")
    path.write_text(path.read_text().replace("0.5", "0.25"))
    with pytest.raises(UsageError, match="another content of embeddings"):
        train(make_options(embeddings=str(path), epochs=1), tmp_path / "with")


def test_the_first_epoch_is_kept_only_where_it_is_the_only_one(make_options, tmp_path):
    # The toy is separable from the first epoch on, so every epoch scores alike.
    options = make_options(embedding_size=64, hidden_size=16, batch_size=1)
    assert train(replace(options, epochs=1), tmp_path / "one").epoch == 1
    assert train(replace(options, epochs=3), tmp_path / "three").epoch == 2


@pytest.mark.parametrize(
    ("changes", "error", "said"),
    [
        ({"data": "no-such-set"}, DataError, "no data set or file 'no-such-set'"),
        ({"encoder": "cnn", "hidden_size": 6}, UsageError, "multiple of 4; found 6"),
        ({"columns": {"text": "review"}}, DataError, "no column 'review'"),
        ({"device": "tpu"}, UsageError, "the device must be cpu, cuda or auto; found 'tpu'"),
        ({"embeddings": "nowhere.vec"}, DataError, r"nowhere\.vec cannot be read"),
    ],
    ids=["data", "filters", "columns", "device", "vectors"],
)
def test_what_cannot_be_trained_is_refused_and_nothing_is_written(
    make_options, tmp_path, changes, error, said
):
    with pytest.raises(error, match=said):
        train(make_options(**changes), tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a CUDA device")
def test_cuda_is_refused_where_there_is_none(make_options, tmp_path):
    with pytest.raises(UsageError, match="torch sees no CUDA device"):
        train(make_options(device="cuda"), tmp_path / "out")


def test_without_the_extra_the_error_says_what_to_install():
    code = (
        "import sys; sys.modules['lightning'] = None\n"
        "from attnaudit.errors import MissingExtraError\n"
        "try:\n    from attnaudit.training import train\n"
        "except MissingExtraError as error:\n    print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "pip install 'attnaudit[train]'" in done.stdout
