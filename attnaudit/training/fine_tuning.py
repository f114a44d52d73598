"""Lightning's loop around the fine-tuning of a transformer: few epochs, the best one kept."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from jaxtyping import Float
from lightning.pytorch import LightningModule, Trainer
from torch import Tensor, nn
from torch.nn import functional

from attnaudit.models.transformers.network import Inputs, Network
from attnaudit.training.batches import class_numbers, shuffled_batches, sorted_batches
from attnaudit.training.head import is_of_base
from attnaudit.training.interrupts import interruptible
from attnaudit.training.pieces import PieceBatches, PieceExample
from attnaudit.training.quiet import quiet_lightning
from attnaudit.training.scores import PERFECT, selection_score

LEARNING_RATE = 5e-5
"""Of all that was pretrained, with AdamW. The new head learns ten times as fast."""
_HEAD_FACTOR = 10
_PREDICTED_AT_ONCE = 64


@dataclass(frozen=True, kw_only=True, slots=True)
class FineTuning:
    """What is learned from, how long and in which order.

    Attributes:
        train: What to learn from.
        dev: What to choose the epoch by; it has every class.
        epochs: Passes over `train`.
        batch_size: Examples per step.
        seed: Seeds dropout, wherever it is drawn, and the order of the batches.
        device: "cpu" or "cuda".
    """

    train: Sequence[PieceExample]
    dev: Sequence[PieceExample]
    epochs: int
    batch_size: int
    seed: int
    device: str


@dataclass(frozen=True, kw_only=True, slots=True)
class FineTuned:
    """What came of it: the best epoch, counted from one, and the wall-clock time of all."""

    epoch: int
    seconds: float


def fine_tuned(network: Network, plan: FineTuning) -> FineTuned:
    """Fine-tune a network of the transformers library in place.

    AdamW with a linear decay to zero and no weight decay. The embeddings of sub-tokens stay as
    they were pretrained: most of their weights belong to words that the documents lack. The best
    epoch is the first with the highest score on dev: AUROC for two classes, accuracy for more.
    With a perfect score training ends: no later epoch could be chosen.

    Args:
        network: Pretrained, with a new head. It is left in evaluation mode with the best weights,
            on the CPU. Global generators are left as they were.
        plan: What to train on, how long and in which order.

    Raises:
        KeyboardInterrupt: As it comes. The network is then somewhere between two epochs.
    """
    module = _Classification(network, plan)
    began = time.monotonic()
    # Dropout draws where the network is.
    cards = range(torch.cuda.device_count()) if plan.device == "cuda" else ()
    with quiet_lightning(), interruptible(), torch.random.fork_rng(devices=cards):
        torch.default_generator.manual_seed(plan.seed)
        if cards:
            torch.cuda.manual_seed_all(plan.seed)
        trainer = Trainer(
            accelerator="gpu" if plan.device == "cuda" else "cpu",
            devices=1,
            max_epochs=plan.epochs,
            gradient_clip_val=1.0,
            reload_dataloaders_every_n_epochs=1,
            num_sanity_val_steps=0,
            logger=False,
            enable_checkpointing=False,
            enable_model_summary=False,
            enable_progress_bar=False,
            limit_val_batches=0,
        )
        trainer.fit(module)
    network.module.cpu().load_state_dict(dict(module.best_weights))
    network.module.eval().requires_grad_(False)
    return FineTuned(epoch=module.best_epoch, seconds=time.monotonic() - began)


@torch.no_grad()
def predicted(
    network: Network, examples: Sequence[PieceExample]
) -> Float[Tensor, "examples classes"]:
    """Probabilities of every class, in the order of the examples, on the CPU.

    Args:
        network: Where it is; it is put into evaluation mode.
        examples: At least one.
    """
    network.module.eval()
    device = next(network.module.parameters()).device
    batches = sorted_batches(examples, size=_PREDICTED_AT_ONCE)
    logits = torch.cat(
        [
            _logits(network, *(one.to(device) for one in inputs))
            for *inputs, _ in PieceBatches(batches, network.padding)
        ]
    )
    order = torch.tensor([row for rows in batches.rows for row in rows])
    return logits.softmax(dim=1).cpu()[torch.argsort(order)]


class _Classification(LightningModule):
    """What Lightning calls, in the order it calls it."""

    def __init__(self, network: Network, plan: FineTuning) -> None:
        super().__init__()
        self.module = network.module
        self._network = network
        self._plan = plan
        self._best = -1.0
        self.best_epoch = 0
        self.best_weights: Mapping[str, Tensor] = {}

    def configure_optimizers(self) -> Any:  # noqa: ANN401 - whatever Lightning takes
        anything: Any = self.module
        anything.get_input_embeddings().requires_grad_(False)
        groups: dict[bool, list[nn.Parameter]] = {True: [], False: []}
        for name, parameter in self.module.named_parameters():
            if parameter.requires_grad:
                groups[is_of_base(self.module, name)].append(parameter)
        optimizer = torch.optim.AdamW(
            [
                {"params": groups[True], "lr": LEARNING_RATE},
                {"params": groups[False], "lr": _HEAD_FACTOR * LEARNING_RATE},
            ],
            weight_decay=0.0,
        )
        steps = self._plan.epochs * -(-len(self._plan.train) // self._plan.batch_size)
        decay = torch.optim.lr_scheduler.LinearLR(
            optimizer, start_factor=1.0, end_factor=0.0, total_iters=steps
        )
        return {"optimizer": optimizer, "lr_scheduler": {"scheduler": decay, "interval": "step"}}

    def train_dataloader(self) -> PieceBatches:
        batches = shuffled_batches(
            self._plan.train,
            size=self._plan.batch_size,
            seed=self._plan.seed,
            epoch=self.current_epoch,
        )
        return PieceBatches(batches, self._network.padding)

    def on_train_epoch_start(self) -> None:
        self.module.train()

    def training_step(self, batch: tuple[Tensor, ...], _: int) -> Tensor:
        *inputs, targets = batch
        return functional.cross_entropy(_logits(self._network, *inputs), targets)

    def on_train_epoch_end(self) -> None:
        dev = self._plan.dev
        reached = selection_score(predicted(self._network, dev), class_numbers(dev))
        if reached > self._best:
            self._best, self.best_epoch = reached, self.current_epoch + 1
            self.best_weights = {
                name: tensor.detach().to("cpu", copy=True)
                for name, tensor in self.module.state_dict().items()
            }
        if reached >= PERFECT:
            self.trainer.should_stop = True


def _logits(
    network: Network, ids: Tensor, mask: Tensor, segments: Tensor
) -> Float[Tensor, "batch classes"]:
    return network.logits(Inputs(ids=ids, mask=mask, segments=segments))
