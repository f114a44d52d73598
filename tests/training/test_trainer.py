import json
import signal
import subprocess
import sys
from dataclasses import replace

import pytest
import torch

from attnaudit.data.read import read_documents
from attnaudit.data.trained import TRAINED_FILE, count_trained
from attnaudit.data.write import write_documents
from attnaudit.errors import DataError, UsageError
from attnaudit.models import load_model
from attnaudit.runs.plan import Request, make_plan
from attnaudit.training import loop, train, trainer
from attnaudit.training.report import Scores

FILES = {
    "audit.toml",
    "config.json",
    "documents.jsonl",
    "model.safetensors",
    "training-documents.bin",
    "training.json",
    "vocabulary.json",
}


def weights_of(out):
    return (out / "model.safetensors").read_bytes()


def test_training_ends_with_the_first_perfect_epoch_and_loses_nothing_by_it(
    make_options, make_documents, data, monkeypatch, tmp_path
):
    write_documents(data, make_documents(sizes=(("train", 240), ("dev", 20), ("test", 20))))
    options = make_options(embedding_size=128, hidden_size=32, epochs=9)
    began = []
    shuffled = loop.shuffled_batches
    monkeypatch.setattr(
        loop,
        "shuffled_batches",
        lambda *given, **named: began.append(named["epoch"]) or shuffled(*given, **named),
    )
    report = train(options, tmp_path / "ended")
    assert set(began) == set(range(report.epoch))
    began.clear()
    monkeypatch.setattr(loop, "PERFECT", 2.0)
    assert train(options, tmp_path / "whole").epoch == report.epoch
    assert set(began) == set(range(9))
    assert weights_of(tmp_path / "ended") == weights_of(tmp_path / "whole")


@pytest.mark.parametrize("encoder", ["bilstm", "cnn", "average"])
def test_every_encoder_learns_what_one_word_decides(
    make_options, make_documents, data, tmp_path, encoder
):
    write_documents(data, make_documents(sizes=(("train", 240), ("dev", 20), ("test", 20))))
    options = make_options(encoder=encoder, embedding_size=128, hidden_size=32, epochs=4)
    report = train(options, tmp_path / "out")
    assert report.test == report.dev == Scores(accuracy=1.0, f1=1.0, auroc=1.0)


def test_three_classes_are_learned_with_a_softmax(make_options, make_documents, data, tmp_path):
    sizes = (("train", 240), ("dev", 21), ("test", 90))
    write_documents(data, make_documents(classes=("bad", "good", "odd"), sizes=sizes))
    options = make_options(attention="dot", embedding_size=128, hidden_size=32, epochs=4)
    report = train(options, tmp_path / "out")
    assert load_model(tmp_path / "out").outputs.kind == "softmax"
    assert report.test.accuracy > 0.9
    assert report.test.f1 > 0.9


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


def test_the_directory_knows_its_training_documents_and_no_others(make_options, data, tmp_path):
    train(make_options(epochs=1), tmp_path / "out")
    hashes = (tmp_path / "out" / TRAINED_FILE).read_bytes()
    documents = read_documents(data)
    seen = {one.text for one in documents if one.split == "train"}
    trained_on = [one for one in documents if one.text in seen]
    others = [one for one in documents if one.text not in seen]
    assert count_trained(hashes, trained_on, source="here") == len(trained_on) > 0
    assert count_trained(hashes, others, source="here") == 0 < len(others)


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


@pytest.mark.parametrize(
    ("reached", "best"),
    [([0.9], 1), ([0.9, 0.5, 0.7, 0.7], 3), ([0.2, 0.0], 2)],
    ids=["only one", "first of the best", "not the first epoch"],
)
def test_the_best_epoch_on_dev_is_kept_but_never_the_first_of_several(
    make_options, monkeypatch, tmp_path, reached, best
):
    eligible = iter(reached[1:] or reached)
    monkeypatch.setattr(loop, "selection_score", lambda *_: next(eligible))
    assert train(make_options(epochs=len(reached)), tmp_path / "out").epoch == best
    # A training of that many epochs whose last one is made the best has the same weights.
    rising = iter(range(best))
    monkeypatch.setattr(loop, "selection_score", lambda *_: next(rising))
    assert train(make_options(epochs=best), tmp_path / "short").epoch == best
    assert weights_of(tmp_path / "short") == weights_of(tmp_path / "out")


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


def test_vectors_that_do_not_fit_leave_no_trace(make_options, tmp_path):
    path = tmp_path / "two.txt"
    path.write_text("film 1 2\n")
    with pytest.raises(UsageError, match="Pass --embedding-size 2"):
        train(make_options(embeddings=str(path)), tmp_path / "out")
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
