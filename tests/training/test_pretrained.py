import json
import shutil
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
import torch

from attnaudit.data.audit_file import read_audit_file, read_audited_documents
from attnaudit.data.read import read_documents
from attnaudit.data.write import write_documents
from attnaudit.errors import DataError, UsageError
from attnaudit.models import open_model
from attnaudit.records import Document
from attnaudit.runs.plan import Request, make_plan
from attnaudit.training.report import TrainingReport

transformers = pytest.importorskip("transformers")

from attnaudit.training import fine_tuning  # noqa: E402
from attnaudit.training import pretrained as pretrained_module  # noqa: E402
from attnaudit.training.pretrained import PretrainedOptions, fine_tune  # noqa: E402

from .conftest import FILLER  # noqa: E402
from .tiny_encoder import save_encoder  # noqa: E402


@pytest.fixture(scope="module")
def pretrained(tmp_path_factory):
    path = tmp_path_factory.mktemp("pretrained")
    save_encoder(path)
    return path


@pytest.fixture
def options(data, pretrained):
    def make(**changes):
        fields = {"data": str(data), "pretrained": str(pretrained), "device": "cpu"}
        return PretrainedOptions(**(fields | {"epochs": 6, "batch_size": 2} | changes))

    return make


def test_a_fine_tuned_network_is_a_model_directory_with_the_scores_it_reports(
    options, tmp_path, monkeypatch
):
    # Nothing was pretrained here, so there is more to learn than a fine-tuning would.
    monkeypatch.setattr(fine_tuning, "LEARNING_RATE", 5e-3)
    out = tmp_path / "model"
    report = fine_tune(options(), out)
    assert TrainingReport.read(out / "training.json") == report
    assert {path.name for path in out.iterdir()} >= {
        *("audit.toml", "config.json", "documents.jsonl", "model.safetensors", "tokenizer.json"),
    }
    model = open_model(str(out))
    assert model.outputs.classes == ("bad", "good")
    documents = read_audited_documents(read_audit_file(out / "audit.toml"), out)
    assert {document.split for document in documents} == {"test"}
    [attended] = model.attend(model.prepare(documents), sites=["layer.last"])
    predicted = [model.outputs.classes[place] for place in attended.probabilities.argmax(dim=1)]
    right = [one == document.label for one, document in zip(predicted, documents, strict=True)]
    assert report.test.accuracy == pytest.approx(sum(right) / len(right))
    assert report.dev.accuracy >= 0.8, "a word decides, and the network can see it"
    assert report.documents == {"train": 40, "dev": 10, "test": 10}


@pytest.fixture
def pairs(tmp_path, make_documents):
    """Documents whose second text says which class they are of; the first never does."""
    asked = [
        replace(one, text="we saw a film", text2=word, id=f"pair-{one.id}")
        for one in make_documents()
        for word in one.text.split()
        if word not in FILLER
    ]
    write_documents(tmp_path / "pairs.jsonl", asked)
    return asked


def test_a_network_learns_from_second_texts_and_is_audited_as_it_was_trained(
    options, pairs, tmp_path, monkeypatch
):
    monkeypatch.setattr(fine_tuning, "LEARNING_RATE", 2e-3)
    given = {}
    score = pretrained_module.score

    def scored(probabilities, targets):
        given[len(given)] = probabilities
        return score(probabilities, targets)

    monkeypatch.setattr(pretrained_module, "score", scored)
    out = tmp_path / "model"
    report = fine_tune(options(data=str(tmp_path / "pairs.jsonl")), out)
    # The first texts are all the same.
    assert report.dev.auroc == 1
    documents = read_audited_documents(read_audit_file(out / "audit.toml"), out)
    assert [one.text2 for one in documents] == [one.text2 for one in pairs if one.split == "test"]
    model = open_model(str(out))
    [attended] = model.attend(model.prepare(documents), sites=["layer.last"])
    torch.testing.assert_close(attended.probabilities, given[0].double(), rtol=0, atol=1e-5)


def test_an_audit_says_how_many_documents_the_network_was_fine_tuned_on(options, data, tmp_path):
    out = tmp_path / "model"
    fine_tune(options(epochs=1), out)
    documents = read_documents(data)
    learned = {one.text for one in documents if one.split == "train"}
    for split in ("train", "test"):
        some = [replace(one, split=None) for one in documents if one.split == split]
        write_documents(tmp_path / f"{split}.jsonl", some)
        request = Request(models=(str(out),), data=str(tmp_path / f"{split}.jsonl"))
        [subject] = make_plan(request).subjects
        assert subject.trained_on == sum(one.text in learned for one in some)
        assert (subject.trained_on == len(some)) == (split == "train")


def test_a_finished_fine_tuning_is_not_done_again_nor_taken_for_another(options, tmp_path):
    out = tmp_path / "model"
    first = fine_tune(options(epochs=1), out)
    weights = (out / "model.safetensors").read_bytes()
    assert fine_tune(options(epochs=1), out) == first
    assert (out / "model.safetensors").read_bytes() == weights
    with pytest.raises(UsageError, match="another --epochs: 1 there, 2 now"):
        fine_tune(options(epochs=2), out)
    assert fine_tune(options(epochs=1), tmp_path / "again").test == first.test
    assert (tmp_path / "again" / "model.safetensors").read_bytes() == weights


def test_another_network_under_the_same_path_is_another_fine_tuning(options, pretrained, tmp_path):
    path = shutil.copytree(pretrained, tmp_path / "network")
    begun = options(epochs=1, pretrained=str(path))
    report = fine_tune(begun, tmp_path / "model")
    for name in ("config.json", "tokenizer.json", "model.safetensors"):
        content = (path / name).read_bytes()
        # Still what it was, but for a byte: of the weights, the last number.
        changed = content[:-1] + b"\x01" if name == "model.safetensors" else content + b"\n"
        (path / name).write_bytes(changed)
        with pytest.raises(UsageError, match="a training with another content of pretrained"):
            fine_tune(begun, tmp_path / "model")
        (path / name).write_bytes(content)
    (path / "README.md").write_text("What it was trained on.")
    assert fine_tune(begun, tmp_path / "model") == report
    assert set(report.digests) == {"train", "dev", "test", "pretrained"}


@pytest.mark.parametrize("before", ["multi_label_classification", "regression"])
def test_a_network_that_was_no_classifier_of_one_class_becomes_one(
    before, options, pretrained, tmp_path
):
    path = shutil.copytree(pretrained, tmp_path / "network")
    network = transformers.BertForSequenceClassification.from_pretrained(
        path, num_labels=1 if before == "regression" else 2, problem_type=before
    )
    network.save_pretrained(path)
    fine_tune(options(epochs=1, pretrained=str(path)), tmp_path / "model")
    assert open_model(str(tmp_path / "model")).outputs.kind == "softmax"


def test_an_interrupted_fine_tuning_is_neither_a_model_nor_finished(options, tmp_path, monkeypatch):
    out = tmp_path / "model"
    bert = transformers.BertForSequenceClassification
    whole = bert.save_pretrained

    def interrupted(network, folder):
        network.config.save_pretrained(folder)
        raise KeyboardInterrupt

    monkeypatch.setattr(bert, "save_pretrained", interrupted)
    with pytest.raises(KeyboardInterrupt):
        fine_tune(options(epochs=1), out)
    assert not (out / "config.json").exists()
    assert not (out / "training.json").exists()
    monkeypatch.setattr(bert, "save_pretrained", whole)
    report = fine_tune(options(epochs=1), out)
    assert TrainingReport.read(out / "training.json") == report
    assert open_model(str(out)).outputs.classes == ("bad", "good")
    assert not (out / ".training").exists()


@pytest.fixture
def unlimited(pretrained, tmp_path):
    """The same with a tokeniser that knows no longest input, and documents of 30 words."""
    path = shutil.copytree(pretrained, tmp_path / "unlimited")
    tokenizer = transformers.AutoTokenizer.from_pretrained(path)
    tokenizer.model_max_length = 10**30
    tokenizer.save_pretrained(path)
    documents = [
        Document(id=f"{number}", text="the film " * 15, label=label, split=split)
        for number, (split, label) in enumerate(product(("train", "dev", "test"), ("a", "b")))
    ]
    write_documents(tmp_path / "long.jsonl", documents)
    return {"pretrained": str(path), "data": str(tmp_path / "long.jsonl"), "epochs": 1}


@pytest.mark.parametrize(("asked", "read"), [(8, 8), (64, 20)])
def test_an_audit_reads_as_much_of_a_document_as_the_training_did(
    asked, read, options, unlimited, monkeypatch
):
    plans = []
    tune = pretrained_module.fine_tuned

    def fine_tuned(network, plan):
        plans.append(plan)
        return tune(network, plan)

    monkeypatch.setattr(pretrained_module, "fine_tuned", fine_tuned)
    out = Path(unlimited["pretrained"]).parent / "model"
    fine_tune(options(longest=asked, **unlimited), out)
    [plan] = plans
    assert {len(example.words) for example in (*plan.train, *plan.dev)} == {read}
    assert open_model(str(out)).reader.longest == read


def test_a_directory_that_could_run_code_is_not_fine_tuned(options, pretrained, tmp_path):
    path = shutil.copytree(pretrained, tmp_path / "kernel")
    fields = json.loads((path / "config.json").read_text(encoding="utf-8"))
    fields["attn_implementation"] = "stranger/kernel"
    (path / "config.json").write_text(json.dumps(fields), encoding="utf-8")
    with pytest.raises(UsageError, match=r"cannot be opened: .*the code that computes its att"):
        fine_tune(options(pretrained=str(path)), tmp_path / "out")


def test_what_cannot_be_fine_tuned_is_named(options, tmp_path):
    with pytest.raises(UsageError, match="--epochs must be at least 1; found 0"):
        options(epochs=0)
    with pytest.raises(UsageError, match=r"--pretrained .*nowhere cannot be opened"):
        fine_tune(options(pretrained=str(tmp_path / "nowhere")), tmp_path / "out")
    # So the same command with the right name is no other training.
    assert not (tmp_path / "out").exists()


def test_documents_of_which_only_some_have_a_second_text_are_not_trained_on(
    options, pairs, tmp_path, make_documents
):
    write_documents(tmp_path / "mixed.jsonl", [*pairs, *make_documents()])
    with pytest.raises(DataError, match="60 of 120 documents have no second text"):
        fine_tune(options(data=str(tmp_path / "mixed.jsonl")), tmp_path / "out")
