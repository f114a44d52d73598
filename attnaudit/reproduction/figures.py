"""A figure sheet per task, like the paper's: correlations, shuffled and distant attention."""

import io
from collections.abc import Iterable, Sequence

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from numpy.typing import NDArray

from attnaudit.reproduction.request import Training
from attnaudit.reproduction.tasks import ATTENTIONS, ENCODERS, Task
from attnaudit.reproduction.values import ModelValues
from attnaudit.statistics.weight_bins import BIN_NAMES, FEWEST_IN_BIN, weight_bins

_COLOURS = {"bilstm": "#1b6ca8", "cnn": "#c8553d", "average": "#3a7d44"}
_BINS = 40
_MOST_DIVERGENCE = float(np.log(2))


def task_figure(task: Task, models: Sequence[tuple[Training, ModelValues]]) -> bytes:
    """An SVG of one task: a row per attention, three pictures each, a colour per encoder.

    From the left: the distribution of Kendall's tau of attention with the gradient (solid) and
    with leave-one-out (dashed); quartiles of the change of the output under shuffled attention by
    the largest weight; the distribution of the divergence that the search found (dashed) and of
    the one that is solved for (solid).

    Args:
        task: The task.
        models: Its models of one seed.

    Source:
        Jain & Wallace (2019), figures 2 to 8.
    """
    found: dict[tuple[str, str], ModelValues] = {
        (one.attention, one.encoder): values for one, values in models
    }
    attentions = [one for one in ATTENTIONS if any(key[0] == one for key in found)]
    with rc_context({"svg.hashsalt": task.name, "svg.fonttype": "none", "font.size": 8}):
        figure = Figure(figsize=(9.6, 2.6 * len(attentions) + 0.3), layout="constrained")
        grid = figure.subplots(len(attentions), 3, squeeze=False)
        for attention, axes in zip(attentions, grid, strict=True):
            encoders = {one: found[attention, one] for one in ENCODERS if (attention, one) in found}
            for place, (encoder, values) in enumerate(encoders.items()):
                _correlations(axes[0], values, encoder)
                _shuffled(axes[1], values, encoder, place - (len(encoders) - 1) / 2)
                _distant(axes[2], values, encoder)
            _label(axes, attention)
        figure.suptitle(task.title)
        written = io.BytesIO()
        metadata = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        FigureCanvasSVG(figure).print_svg(written, metadata=metadata)  # type: ignore[no-untyped-call]
    return written.getvalue()


def _correlations(axes: Axes, values: ModelValues, encoder: str) -> None:
    edges = np.linspace(-1, 1, _BINS + 1)
    _stairs(axes, values.values["tau-gradient"], edges, encoder, style="-", name=encoder)
    _stairs(axes, values.values["tau-leave-one-out"], edges, encoder, style="--")


def _shuffled(axes: Axes, values: ModelValues, encoder: str, shift: float) -> None:
    for place, inside in enumerate(weight_bins(values.largest)):
        changes = values.values["permutation"][inside]
        if changes.size >= FEWEST_IN_BIN:
            quartiles = np.quantile(changes, (0.25, 0.5, 0.75))
            centre = place + 0.22 * shift
            axes.vlines(centre, quartiles[0], quartiles[2], color=_COLOURS[encoder], linewidth=4)
            axes.plot(centre, quartiles[1], marker="_", color="black", markersize=7)


def _distant(axes: Axes, values: ModelValues, encoder: str) -> None:
    edges = np.linspace(0, _MOST_DIVERGENCE, _BINS + 1)
    _stairs(axes, values.values["search"], edges, encoder, style="--")
    _stairs(axes, values.values["exact"], edges, encoder, style="-", name=encoder)


def _stairs(
    axes: Axes,
    values: NDArray[np.float64],
    edges: NDArray[np.float64],
    encoder: str,
    *,
    style: str,
    name: str | None = None,
) -> None:
    defined = values[~np.isnan(values)].clip(edges[0], edges[-1])
    shares = np.histogram(defined, edges)[0] / max(1, defined.size)
    axes.stairs(shares, edges, color=_COLOURS[encoder], linestyle=style, label=name)


def _label(axes: Iterable[Axes], attention: str) -> None:
    correlations, shuffled, distant = axes
    correlations.set_xlabel(
        "Kendall's τ of attention\nwith gradient (solid), leave-one-out (dashed)"
    )
    correlations.set_ylabel(f"{attention} attention\nshare of documents")
    correlations.legend(frameon=False)
    shuffled.set_xticks(range(len(BIN_NAMES)), BIN_NAMES)
    shuffled.set_xlim(-0.5, len(BIN_NAMES) - 0.5)
    shuffled.set_xlabel("largest attention weight")
    shuffled.set_ylabel("change under shuffling (TVD)")
    distant.set_xlabel(
        "divergence with the same output, nats\nsolved (solid), searched as published (dashed)"
    )
