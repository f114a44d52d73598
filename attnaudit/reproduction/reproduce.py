"""The whole reproduction: what is missing is trained and measured, and the sheet written."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from attnaudit.errors import PreflightError
from attnaudit.files import write_whole
from attnaudit.reproduction.cells import gather_cells
from attnaudit.reproduction.comparable import is_comparable
from attnaudit.reproduction.documents import Prepared, prepare_documents
from attnaudit.reproduction.figures import task_figure
from attnaudit.reproduction.findings import judge_findings
from attnaudit.reproduction.markdown import to_markdown
from attnaudit.reproduction.measured import measure_model
from attnaudit.reproduction.request import Request, Training
from attnaudit.reproduction.section import figure_place
from attnaudit.reproduction.sheet import Sheet
from attnaudit.reproduction.statistics import model_statistics
from attnaudit.reproduction.tasks import Task, named_task
from attnaudit.reproduction.trainings import model_directory, trained
from attnaudit.reproduction.values import ModelValues
from attnaudit.training.report import FILE_NAME as REPORT_FILE

Statistics = Mapping[tuple[str, str], float]


@dataclass(kw_only=True, slots=True)
class _Results:
    """What was found so far."""

    request: Request
    prepared: Mapping[str, Prepared]
    total: int
    statistics: list[tuple[Training, Statistics]] = field(default_factory=list)
    values: list[tuple[Training, ModelValues]] = field(default_factory=list)
    unmeasured: dict[str, str] = field(default_factory=dict)

    def sheet(self) -> Sheet:
        """All of it as a sheet."""
        comparable = {
            name: is_comparable(named_task(name), one) for name, one in self.prepared.items()
        }
        return Sheet(
            request=self.request,
            prepared=self.prepared,
            comparable=comparable,
            cells=tuple(gather_cells(self.statistics, comparable=comparable)),
            findings=tuple(judge_findings(self.values, self.request)),
            unmeasured=dict(self.unmeasured),
            trained=len(self.statistics),
            total=self.total,
        )

    def write(self, tasks: Sequence[Task]) -> Sheet:
        """Write the sheet and the figures of some tasks."""
        sheet, out = self.sheet(), self.request.out
        write_whole(out / "sheet.json", sheet.to_json().encode())
        write_whole(out / "sheet.md", to_markdown(sheet).encode())
        for task in tasks:
            of_task = [one for one in self.values if one[0].task == task and one[0].seed == 0]
            if of_task:
                picture = out / figure_place(task)
                picture.parent.mkdir(exist_ok=True)
                write_whole(picture, task_figure(task, of_task))
        return sheet


def reproduce(request: Request, *, say: Callable[[str], object]) -> Sheet:
    """Train, measure and write, going on wherever an earlier call was interrupted.

    The sheet is written anew after every model that was trained or measured, so it can be read
    while others are still missing; one that is whole already stays so while all are read again.

    Args:
        request: What to do.
        say: Told every step in one line.

    Returns:
        The sheet that is also in the out folder: sheet.md, sheet.json, and a figure per task.

    Raises:
        UsageError: If documents, vectors or folder cannot be used.
        MissingExtraError: If the extra "train" is not installed, or documents are on a hub and
            the extra "datasets" is not.
    """
    prepared = {name: _prepared(name, request, say) for name in request.tasks}
    trainings = tuple(request.trainings())
    results = _Results(request=request, prepared=prepared, total=len(trainings))
    for number, training in enumerate(trainings, start=1):
        begin = time.monotonic()
        step = _after(f"{number} of {len(trainings)}  {training.name}: ", say)
        if _one_model(training, results, say=step):
            results.write([training.task])
        step(f"done in {time.monotonic() - begin:.0f} s")
    return results.write(list(map(named_task, request.tasks)))


def _one_model(training: Training, results: _Results, *, say: Callable[[str], object]) -> bool:
    """Whether there was anything to train or measure."""
    request = results.request
    new = not (model_directory(training, request.out) / REPORT_FILE).exists()

    def say_what_is_measured(step: str) -> None:
        nonlocal new
        new = True
        say(step)

    report = trained(training, results.prepared[training.task.name], request)
    say(f"accuracy {report.test.accuracy:.3f} at epoch {report.epoch}")
    try:
        measured = measure_model(
            model_directory(training, request.out),
            request.out / "measured" / training.name,
            seed=training.seed,
            sample=request.sample,
            device=request.device,
            say=say_what_is_measured,
        )
    except PreflightError as error:
        # A training may end in a model that answers the same whatever it reads.
        say(f"cannot be measured: {error}")
        results.unmeasured[training.name] = " ".join(str(error).split())
        return new
    accuracy = report.test.accuracy
    found = model_statistics(
        training.task, measured, accuracy=accuracy, as_published=request.as_published
    )
    results.statistics.append((training, found))
    results.values.append((training, measured))
    return new


def _after(beginning: str, say: Callable[[str], object]) -> Callable[[str], object]:
    return lambda step: say(f"{beginning}{step}")


def _prepared(name: str, request: Request, say: Callable[[str], object]) -> Prepared:
    prepared = prepare_documents(named_task(name), request)
    splits = ", ".join(f"{number} {split}" for split, number in prepared.counts.items())
    say(f"{name}: {splits} documents from {prepared.source}")
    return prepared
