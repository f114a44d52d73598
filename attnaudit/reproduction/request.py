"""What a reproduction is asked to do. Needs no torch."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, cast

from attnaudit.errors import UsageError
from attnaudit.reproduction.tasks import ATTENTIONS, ENCODERS, TASKS, Task, named_task
from attnaudit.training.options import Attention, Encoder

DEFAULT_TASKS = ("sst", "20news-sports", "agnews", "babi-1", "babi-2", "snli")


@dataclass(frozen=True, kw_only=True, slots=True)
class Training:
    """One model of the sheet: a task, an encoder, an attention and a seed."""

    task: Task
    encoder: Encoder
    attention: Attention
    seed: int

    @property
    def name(self) -> str:
        """Name of its folders."""
        return f"{self.task.name}-{self.encoder}-{self.attention}-{self.seed}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """What to reproduce, from which data, into which folder.

    Attributes:
        out: Folder of models, measurements and the sheet.
        tasks: Names of tasks.
        encoders: Names of encoders.
        attentions: Names of attentions.
        seeds: Task name to its number of seeds, at least 1 each; seeds count from zero.
        data: Task name to a source of documents, as for `attnaudit train --data`.
        data_dir: Folder in which the other tasks have their usual places.
        may_fetch: Whether the tasks were named by the user, so that their documents may be fetched
            from the hub where they have no place.
        embeddings: Word vectors for the tasks that began with some, or None.
        embedding_size: Dimensions of their embeddings.
        as_published: Leave out and count what the published code leaves out and counts.
        sample: Documents per model of two texts whose adversary is sought by linear programmes.
        device: "cpu", "cuda" or "auto".
        notes: A Markdown file to end the sheet with, or None.

    Raises:
        UsageError: If a name is unknown or given twice, a list is empty, there are no such notes,
            or a number is out of range.
    """

    out: Path
    tasks: tuple[str, ...] = DEFAULT_TASKS
    encoders: tuple[str, ...] = ENCODERS
    attentions: tuple[str, ...] = ATTENTIONS
    seeds: Mapping[str, int] = field(default_factory=dict)
    data: Mapping[str, str] = field(default_factory=dict)
    data_dir: Path | None = None
    may_fetch: bool = False
    embeddings: Path | None = None
    embedding_size: int = 300
    as_published: bool = False
    sample: int = 100
    device: Literal["cpu", "cuda", "auto"] = "auto"
    notes: Path | None = None

    def __post_init__(self) -> None:
        for option, names, known in (
            ("--tasks", self.tasks, tuple(TASKS)),
            ("--encoders", self.encoders, ENCODERS),
            ("--attentions", self.attentions, ATTENTIONS),
            ("--data", tuple(self.data), tuple(TASKS)),
            ("--seeds", tuple(self.seeds), tuple(TASKS)),
        ):
            _check_names(option, names, known)
        for option, names in (
            ("--tasks", self.tasks),
            ("--encoders", self.encoders),
            ("--attentions", self.attentions),
        ):
            if not names:
                raise UsageError(f"{option} names none; give at least one, or leave it out.")
        for name, number in self.seeds.items():
            _check_positive(f"--seeds {name}", number)
        if self.notes is not None and not self.notes.is_file():
            raise UsageError(f"--notes {self.notes}: there is no such file.")
        _check_positive("--sample", self.sample)
        _check_positive("--embedding-size", self.embedding_size)

    def number_of_seeds(self, task: str) -> int:
        """How often each model of a task is trained."""
        return self.seeds.get(task, 1)

    def trainings(self) -> Iterator[Training]:
        """Every model of the sheet: the first seed of all tasks, then the second, and so on."""
        for seed in range(max(map(self.number_of_seeds, self.tasks), default=0)):
            for task in self.tasks:
                if seed < self.number_of_seeds(task):
                    yield from self._of_one_seed(named_task(task), seed)

    def _of_one_seed(self, task: Task, seed: int) -> Iterator[Training]:
        for attention in self.attentions:
            for encoder in self.encoders:
                yield Training(
                    task=task,
                    encoder=cast("Encoder", encoder),
                    attention=cast("Attention", attention),
                    seed=seed,
                )


def _check_names(option: str, names: tuple[str, ...], known: tuple[str, ...]) -> None:
    unknown = [name for name in names if name not in known]
    if unknown:
        raise UsageError(f"{option}: unknown {unknown[0]!r}; choose from {', '.join(known)}.")
    if len(set(names)) < len(names):
        raise UsageError(f"{option} {','.join(names)}: name each once.")


def _check_positive(option: str, number: int) -> None:
    if number < 1:
        raise UsageError(f"{option} must be at least 1; found {number}.")
