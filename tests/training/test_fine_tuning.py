import pytest
import torch

from attnaudit.models.transformers.network import Network
from attnaudit.training.pieces import PieceExample

transformers = pytest.importorskip("transformers")

from attnaudit.training import fine_tuning  # noqa: E402
from attnaudit.training.fine_tuning import FineTuning, fine_tuned  # noqa: E402

EXAMPLES = [
    PieceExample((1 + number % 4, 5, 6, 7), number % 2, segments=(0, 0, 0, 0))
    for number in range(16)
]


def small_network():
    """A network whose half is dropped out at every step."""
    configuration = transformers.BertConfig(
        vocab_size=8,
        hidden_size=8,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=8,
        max_position_embeddings=8,
        hidden_dropout_prob=0.5,
    )
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return transformers.BertForSequenceClassification(configuration)


def weights_after(seed, device):
    network = small_network()
    plan = FineTuning(
        train=EXAMPLES,
        dev=EXAMPLES,
        epochs=1,
        # One step, so that the order of the documents has no part in it.
        batch_size=len(EXAMPLES),
        seed=seed,
        device=device,
    )
    fine_tuned(Network(network, segmented=True), plan)
    return network.bert.encoder.layer[0].attention.self.value.weight


@pytest.mark.parametrize(
    "device",
    [
        "cpu",
        pytest.param(
            "cuda",
            marks=[
                pytest.mark.gpu,
                pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no GPU"),
            ],
        ),
    ],
)
def test_the_seed_decides_what_is_dropped_out_wherever_the_network_is(device):
    first = weights_after(0, device)
    torch.rand(3, device=device)  # What global generators went through before says nothing.
    torch.testing.assert_close(weights_after(0, device), first)
    assert float((weights_after(1, device) - first).abs().max()) > 1e-6


@pytest.mark.parametrize(
    ("scores", "ended", "best"), [((0.5, 1.0, 1.0, 1.0), 2, 2), ((0.5, 0.9, 0.9, 0.8), 4, 2)]
)
def test_only_a_perfect_epoch_ends_the_training_and_the_first_of_the_best_is_kept(
    monkeypatch, scores, ended, best
):
    left = list(scores)
    monkeypatch.setattr(fine_tuning, "selection_score", lambda *_: left.pop(0))
    plan = FineTuning(train=EXAMPLES, dev=EXAMPLES, epochs=4, batch_size=8, seed=0, device="cpu")
    found = fine_tuned(Network(small_network(), segmented=True), plan)
    assert found.epoch == best
    assert len(scores) - len(left) == ended
