"""Training of models of two texts."""

import math
import random

import pytest
import torch

from attnaudit.data.vocabulary import SPECIALS, Vocabulary
from attnaudit.data.write import write_documents
from attnaudit.errors import UsageError
from attnaudit.models import load_model
from attnaudit.models.configuration import PairConfiguration
from attnaudit.models.pairs.model import PairModel
from attnaudit.models.preflight import preflight
from attnaudit.records import Document
from attnaudit.runs.plan import Request, make_plan
from attnaudit.training import TrainingOptions, train
from attnaudit.training.batches import sorted_batches
from attnaudit.training.corpus import Example
from attnaudit.training.prediction import predict
from attnaudit.training.questions import Question
from attnaudit.training.recipe import initial_network, make_optimizer, mean_loss
from attnaudit.training.vectors import place_vectors

FILLER = ("the", "film", "was", "then")


@pytest.fixture
def data(tmp_path):
    """Either text decides one half of the label, so alone it is right half of the time."""
    draw = random.Random(0)  # noqa: S311
    documents = []
    for split, size in (("train", 320), ("dev", 40), ("test", 80)):
        for number in range(size):
            word, asked = draw.choice(("great", "awful")), draw.choice(("plot", "music"))
            words = draw.choices(FILLER, k=draw.randint(0, 2))
            words.insert(draw.randint(0, len(words)), word)
            documents.append(
                Document(
                    id=f"{split}-{number}",
                    text=" ".join(words),
                    text2=asked,
                    label=f"{word} {asked}",
                    split=split,
                )
            )
    path = tmp_path / "pairs.jsonl"
    write_documents(path, documents)
    return path


@pytest.fixture
def make_options(data):
    def make(**changes):
        fields = {
            "data": str(data),
            "encoder": "average",
            "attention": "additive",
            "device": "cpu",
            "tokenizer": "whitespace",
            "min_document_frequency": 1,
            "embedding_size": 32,
            "hidden_size": 32,
            "batch_size": 8,
            "epochs": 2,
        }
        return TrainingOptions(**(fields | changes))

    return make


@pytest.fixture
def network():
    configuration = PairConfiguration(
        encoder="bilstm",
        attention="additive",
        embedding_size=3,
        hidden_size=4,
        classes=("a", "b", "c"),
        tokenizer="whitespace",
        vocabulary_size=20,
    )
    return initial_network(configuration, seed=0)


def test_a_model_that_must_read_the_question_is_learned_and_can_be_audited(make_options, tmp_path):
    report = train(make_options(epochs=6), tmp_path / "out")
    assert report.test.accuracy > 0.9
    model = load_model(tmp_path / "out")
    assert isinstance(model, PairModel)
    (subject,) = make_plan(Request(models=(str(tmp_path / "out"),))).subjects
    batch = model.prepare(subject.documents)
    preflight(model, batch)
    (attended,) = model.attend(batch, sites=["attention"])
    labels = [model.outputs.classes.index(document.label) for document in subject.documents]
    right = attended.probabilities.argmax(dim=1) == torch.tensor(labels)
    assert right.double().mean().item() == pytest.approx(report.test.accuracy)


def test_mentioned_candidates_are_trained_with_and_stored(make_options, tmp_path):
    documents = [
        Document(id=f"{split}-{label}", text=f"{label} film", text2="how", label=label, split=split)
        for split in ("train", "dev", "test")
        for label in ("awful", "great")
    ]
    write_documents(tmp_path / "mentioned.jsonl", documents)
    data = str(tmp_path / "mentioned.jsonl")
    report = train(make_options(data=data, candidates="mentioned"), tmp_path / "out")
    # Each document mentions its own label alone.
    assert report.test.accuracy == 1.0
    model = load_model(tmp_path / "out")
    assert model.configuration.candidates == "mentioned"
    (attended,) = model.attend(model.prepare(documents[:2]), sites=["attention"])
    assert attended.probabilities.tolist() == [[1.0, 0.0], [0.0, 1.0]]


def test_an_unknown_rule_for_candidates_is_refused(make_options):
    with pytest.raises(UsageError, match="--candidates must be one of all, mentioned; found 'x'"):
        make_options(candidates="x")


def test_equal_seeds_give_equal_weights(make_options, tmp_path):
    digests = []
    for name in ("one", "two"):
        train(make_options(), tmp_path / name)
        digests.append(load_model(tmp_path / name).digest)
    assert digests[0] == digests[1]


def examples_of(*, count):
    draw = random.Random(1)  # noqa: S311
    return [
        Example(
            tuple(draw.choices(range(4, 20), k=draw.randint(1, 9))),
            row % 3,
            Question(
                tuple(draw.choices(range(4, 20), k=draw.randint(1, 5))),
                tuple(place == row % 3 or draw.random() < 0.5 for place in range(3)),
            ),
        )
        for row in range(count)
    ]


def test_a_batch_holds_both_texts_and_the_candidates_of_its_examples():
    examples = examples_of(count=11)
    batches = sorted_batches(examples, size=4)
    for rows, batch in zip(batches.rows, batches, strict=True):
        words, mask, asked, asked_mask, candidates, targets = batch
        for place, row in enumerate(rows):
            example = examples[row]
            assert tuple(words[place, mask[place]].tolist()) == example.words
            assert tuple(asked[place, asked_mask[place]].tolist()) == example.question.words
            assert tuple(candidates[place].tolist()) == example.question.candidates
            assert targets[place] == example.target


def test_predictions_are_those_of_each_example_alone_in_the_given_order(network):
    examples = examples_of(count=70)
    for example, found in zip(examples, predict(network, examples), strict=True):
        words, asked = (torch.tensor([one]) for one in (example.words, example.question.words))
        logits = network(
            words, words > 0, asked, asked > 0, torch.tensor([example.question.candidates])
        )
        torch.testing.assert_close(found, logits.detach()[0].softmax(dim=0))


def test_the_loss_is_the_mean_negative_log_likelihood_among_candidates():
    logits = [[0.3, -1.0, -math.inf], [1.5, 0.2, -0.7]]
    targets = [0, 2]
    expected = 0.0
    for row, target in zip(logits, targets, strict=True):
        expected -= math.log(math.exp(row[target]) / sum(math.exp(logit) for logit in row)) / 2
    found = torch.tensor(logits, requires_grad=True)
    loss = mean_loss(found, torch.tensor(targets))
    assert loss.item() == pytest.approx(expected, rel=1e-6)
    loss.backward()
    assert found.grad[0, 2] == 0
    assert found.grad.isfinite().all()


def test_weights_decay_everywhere(network):
    before = {name: tensor.clone() for name, tensor in network.named_parameters()}
    optimizer = make_optimizer(network)
    for parameter in network.parameters():
        parameter.grad = torch.zeros_like(parameter)
    optimizer.step()
    for name, parameter in network.named_parameters():
        assert not torch.equal(parameter, before[name]), name


def test_both_texts_begin_with_the_given_vectors(network, tmp_path):
    path = tmp_path / "vectors.txt"
    path.write_text("garden 1 2 3\n")
    words = (*SPECIALS, "garden", *(f"word{letter}" for letter in "abcdefghijklmno"))
    specials = [reader.embedding.weight[:4].clone() for reader in (network.document, network.query)]
    place_vectors(network, Vocabulary(words), path)
    for reader, special in zip((network.document, network.query), specials, strict=True):
        assert torch.equal(reader.embedding.weight[:4], special)
        assert reader.embedding.weight[4].tolist() == [1, 2, 3]
        assert not reader.embedding.weight[5:].any()
