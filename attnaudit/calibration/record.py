"""What a calibration draws, and what comes out of it."""

from dataclasses import dataclass

from attnaudit.calibration.adaptive import AdaptiveCell
from attnaudit.calibration.blocks import BlocksCell
from attnaudit.calibration.bootstrap import BootstrapCell
from attnaudit.calibration.cells import Cell
from attnaudit.calibration.collapse import CollapseCell
from attnaudit.calibration.session import SessionCell


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """What is drawn, and how often.

    Attributes:
        seed: Seeds documents, measurements and samples.
        documents: Documents of each construction; even, so that a median can be exact.
        samples: Samples of each size.
        sizes: Documents of a sample.
        judged: How many samples of each outcome `judge` itself repeats, of the first and of the
            nearest to being decided otherwise, for each threshold of each cell.
    """

    seed: int = 0
    documents: int = 2_000
    samples: int = 4_000
    sizes: tuple[int, ...] = (20, 50, 200, 1_000)
    judged: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Calibration:
    """What came out for some of the constructions.

    Attributes:
        cells: One per claim that varies, construction and size.
        sessions: One per construction with enough quantities, and size.
        adaptive: One per claim that is looked at again and again, and construction.
        blocks: Claims that are judged in blocks, for some constructions.
        bootstrap: What another interval would have decided, for some claims.
        collapse: The collapsed model, by the thresholds of the claims themselves.
        constant: Claims without chance: construction and claim.
        open: Claims whose truth is open, because documents have no value: construction and claim.
        tied: Claims about a median that many documents share, so that no threshold is at the truth.
        whole: Whether all constructions were calibrated.
    """

    cells: tuple[Cell, ...] = ()
    sessions: tuple[SessionCell, ...] = ()
    adaptive: tuple[AdaptiveCell, ...] = ()
    blocks: tuple[BlocksCell, ...] = ()
    bootstrap: tuple[BootstrapCell, ...] = ()
    collapse: tuple[CollapseCell, ...] = ()
    constant: tuple[tuple[str, str], ...] = ()
    open: tuple[tuple[str, str], ...] = ()
    tied: tuple[tuple[str, str], ...] = ()
    whole: bool = False

    def __add__(self, other: "Calibration") -> "Calibration":
        """Both together, which are not known to be all constructions."""
        return Calibration(
            cells=self.cells + other.cells,
            sessions=self.sessions + other.sessions,
            adaptive=self.adaptive + other.adaptive,
            blocks=self.blocks + other.blocks,
            bootstrap=self.bootstrap + other.bootstrap,
            collapse=self.collapse + other.collapse,
            constant=self.constant + other.constant,
            open=self.open + other.open,
            tied=self.tied + other.tied,
        )
