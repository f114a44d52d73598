import json
import shutil
from itertools import product
from pathlib import Path

import pytest
import torch

from attnaudit.data.audit_file import read_audit_file, read_audited_documents
from attnaudit.data.write import write_documents
from attnaudit.errors import DataError, UsageError
from attnaudit.models import open_model
from attnaudit.records import Document
from attnaudit.training.report import TrainingReport

from .conftest import EVIDENCE, FILLER

transformers = pytest.importorskip("transformers")
tokenizers = pytest.importorskip("tokenizers")

from attnaudit.training import fine_tuning  # noqa: E402
from attnaudit.training import pretrained as pretrained_module  # noqa: E402
from attnaudit.training.pretrained import PretrainedOptions, fine_tune  # noqa: E402

PIECES = (
    "[PAD]",
    "[UNK]",
    "[CLS]",
    "[SEP]",
    *FILLER,
    *(w for two in EVIDENCE.values() for w in two),
)


@pytest.fixture(scope="module")
def pretrained(tmp_path_factory):
    """An encoder without a head, one layer, that has seen nothing."""
    path = tmp_path_factory.mktemp("pretrained")
    configuration = transformers.BertConfig(
        vocab_size=len(PIECES),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=20,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )
    with torch.random.fork_rng():
        torch.default_generator.manual_seed(0)
        encoder = transformers.BertModel(configuration)
        for parameter in encoder.parameters():
            if parameter.ndim > 1:
                torch.nn.init.normal_(parameter, std=0.4)
    encoder.save_pretrained(path)
    numbers = {piece: number for number, piece in enumerate(PIECES)}
    words = tokenizers.Tokenizer(tokenizers.models.WordLevel(numbers, unk_token=PIECES[1]))
    words.pre_tokenizer = tokenizers.pre_tokenizers.WhitespaceSplit()
    words.post_processor = tokenizers.processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    names = zip(("pad", "unk", "cls", "sep"), PIECES, strict=False)
    special = {f"{name}_token": piece for name, piece in names}
    fast = transformers.PreTrainedTokenizerFast
    fast(tokenizer_object=words, model_max_length=20, **special).save_pretrained(path)
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


def test_what_cannot_be_fine_tuned_is_named(options, tmp_path, make_documents):
    with pytest.raises(UsageError, match="--epochs must be at least 1; found 0"):
        options(epochs=0)
    with pytest.raises(UsageError, match=r"--pretrained .*nowhere cannot be opened"):
        fine_tune(options(pretrained=str(tmp_path / "nowhere")), tmp_path / "out")
    pairs = [
        Document(id=one.id, text=one.text, text2="was it", label=one.label, split=one.split)
        for one in make_documents()
    ]
    write_documents(tmp_path / "pairs.jsonl", pairs)
    with pytest.raises(DataError, match="has second texts, and fine-tuning reads one text"):
        fine_tune(options(data=str(tmp_path / "pairs.jsonl")), tmp_path / "out")
