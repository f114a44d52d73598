"""Lightning's loop around the recipe: one checkpoint per epoch, the best epoch kept inside it."""

import pickle
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from jaxtyping import Float
from lightning.fabric.plugins.environments.lightning import LightningEnvironment
from lightning.pytorch import LightningModule, Trainer
from lightning.pytorch.callbacks import Callback, ModelCheckpoint, TQDMProgressBar
from lightning.pytorch.plugins.io import TorchCheckpointIO
from torch import Tensor

from attnaudit.errors import UsageError
from attnaudit.training.batches import Batches, Tensors, class_numbers, shuffled_batches
from attnaudit.training.corpus import Example
from attnaudit.training.interrupts import interruptible
from attnaudit.training.prediction import predict
from attnaudit.training.quiet import quiet_lightning
from attnaudit.training.recipe import Network, make_optimizer, mean_loss, weighted_loss
from attnaudit.training.scores import PERFECT, selection_score

CHECKPOINT = "checkpoint.ckpt"
_OURS = "attnaudit"


@dataclass(frozen=True, kw_only=True, slots=True)
class Schedule:
    """What is learned from, how long and in which order.

    Attributes:
        train: What to learn from.
        dev: What to choose the epoch by; it has every class.
        class_weights: What an example of each class counts in the loss, a sum over the batch; or
            None for the mean, in which all count alike.
        epochs: Passes over `train`.
        batch_size: Examples per step.
        seed: Seeds the order of the batches.
    """

    train: Sequence[Example]
    dev: Sequence[Example]
    class_weights: Float[Tensor, " classes"] | None
    epochs: int
    batch_size: int
    seed: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Fitted:
    """What came out of a training.

    Attributes:
        weights: Of the best epoch, on the CPU.
        epoch: The best epoch, counted from one.
        seconds: Wall-clock time of all epochs, over all interrupted runs.
    """

    weights: Mapping[str, Tensor]
    epoch: int
    seconds: float


def fit(network: Network, schedule: Schedule, *, device: torch.device, directory: Path) -> Fitted:
    """Train, or go on training from the last finished epoch that `directory` knows of.

    The best epoch is the first with the highest score on dev: AUROC for two classes, accuracy
    for more. The first epoch is never eligible, unless it is the only one. With a perfect score
    training ends: no later epoch could be chosen.

    Args:
        network: Initial weights; it is changed. Global generators are left as they were.
        schedule: What to train on, how long and in which order.
        device: Where to train.
        directory: Where the checkpoint lies; it exists.

    Returns:
        The best weights.

    Raises:
        KeyboardInterrupt: As it comes. What the last finished epoch left can be gone on from.
        UsageError: If the checkpoint of an earlier run is damaged.
    """
    module = _Classification(network, schedule)
    bar = sys.stdout.isatty()
    with quiet_lightning(), interruptible(), torch.random.fork_rng(devices=[]):
        trainer = Trainer(
            accelerator="gpu" if device.type == "cuda" else "cpu",
            devices=1,
            max_epochs=schedule.epochs,
            callbacks=_callbacks(directory, bar=bar),
            # Only ever one process, also inside a job of a cluster.
            plugins=[_SafeCheckpoints(), LightningEnvironment()],
            default_root_dir=directory,
            reload_dataloaders_every_n_epochs=1,
            num_sanity_val_steps=0,
            logger=False,
            enable_model_summary=False,
            limit_val_batches=0,
            enable_progress_bar=bar,
        )
        last = directory / CHECKPOINT
        trainer.fit(module, ckpt_path=last if last.exists() else None)
    return module.fitted


class _Classification(LightningModule):
    """What Lightning calls, in the order it calls it."""

    class_weights: Tensor | None

    def __init__(self, network: Network, schedule: Schedule) -> None:
        super().__init__()
        self.network = network
        weights = schedule.class_weights
        if weights is not None:
            weights = weights.to(next(network.parameters()).dtype)
        self.register_buffer("class_weights", weights, persistent=False)
        self._schedule = schedule
        self._best: dict[str, Any] = {"epoch": 0, "score": -1.0, "weights": {}}
        self._seconds = 0.0
        self._began = 0.0

    @property
    def fitted(self) -> Fitted:
        """The best epoch so far."""
        return Fitted(
            weights=self._best["weights"], epoch=self._best["epoch"], seconds=self._seconds
        )

    def configure_optimizers(self) -> torch.optim.Optimizer:
        return make_optimizer(self.network)

    def train_dataloader(self) -> Batches:
        return shuffled_batches(
            self._schedule.train,
            size=self._schedule.batch_size,
            seed=self._schedule.seed,
            epoch=self.current_epoch,
        )

    def on_train_epoch_start(self) -> None:
        self._began = time.monotonic()

    def training_step(self, batch: Tensors, _: int) -> Tensor:
        *inputs, targets = batch
        logits = self.network(*inputs)
        if self.class_weights is None:
            return mean_loss(logits, targets)
        return weighted_loss(logits, targets, self.class_weights)

    def on_train_epoch_end(self) -> None:
        self._keep_if_best()
        self._stop_if_perfect()
        self._seconds += time.monotonic() - self._began

    def _stop_if_perfect(self) -> None:
        if self._best["score"] >= PERFECT:
            self.trainer.should_stop = True

    def _keep_if_best(self) -> None:
        if self.current_epoch == 0 and self._schedule.epochs > 1:
            return
        dev = self._schedule.dev
        reached = selection_score(predict(self.network, dev), class_numbers(dev))
        if reached > self._best["score"]:
            weights = {
                name: tensor.detach().to("cpu", copy=True)
                for name, tensor in self.network.state_dict().items()
            }
            self._best = {
                "epoch": self.current_epoch + 1,
                "score": reached,
                "weights": weights,
            }

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        checkpoint[_OURS] = {"best": self._best, "seconds": self._seconds}

    def on_load_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        self._best = checkpoint[_OURS]["best"]
        self._seconds = checkpoint[_OURS]["seconds"]
        # An earlier run may have been killed between this checkpoint and its end.
        self._stop_if_perfect()


class _SafeCheckpoints(TorchCheckpointIO):
    """Checkpoints that appear whole, and whose loading runs no code."""

    def save_checkpoint(
        self, checkpoint: dict[str, Any], path: str | Path, storage_options: object = None
    ) -> None:
        del storage_options
        partial = Path(path).with_suffix(".partial")
        torch.save(checkpoint, partial)
        partial.replace(path)

    def load_checkpoint(
        self, path: str | Path, map_location: object = None, weights_only: object = None
    ) -> dict[str, Any]:
        del map_location, weights_only
        try:
            loaded: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
        except (RuntimeError, EOFError, pickle.UnpicklingError) as error:
            raise UsageError(
                f"{path} cannot be gone on from: {str(error).splitlines()[0]}. Remove the folder "
                "it lies in, to train from the beginning."
            ) from error
        return loaded


def _callbacks(directory: Path, *, bar: bool) -> list[Callback]:
    checkpoints = ModelCheckpoint(
        dirpath=directory,
        filename=Path(CHECKPOINT).stem,
        save_on_train_epoch_end=True,
        enable_version_counter=False,
    )
    return [checkpoints, TQDMProgressBar()] if bar else [checkpoints]
