"""How often verdicts are wrong, measured on models whose truth is known.

A construction is measured once, through the same audits that anybody runs. From what was stored,
documents are then drawn again thousands of times and judged each time, with thresholds right at
the truth and near it. Read `population`, `questions`, `outcomes`, then `error_rates`.
"""

from attnaudit.calibration.adaptive import AdaptiveCell
from attnaudit.calibration.blocks import BlocksCell
from attnaudit.calibration.calibrate import calibrate, calibrated_constructions
from attnaudit.calibration.cells import Cell
from attnaudit.calibration.confirmation import Confirmed
from attnaudit.calibration.findings import failures
from attnaudit.calibration.prediction import Prediction, predictions_of
from attnaudit.calibration.prediction_table import (
    FEWEST_HELD,
    held_share,
    prediction_lines,
)
from attnaudit.calibration.rates import Rate
from attnaudit.calibration.record import Calibration, Settings
from attnaudit.calibration.session import SessionCell
from attnaudit.calibration.tables import calibration_lines

__all__ = [
    "FEWEST_HELD",
    "AdaptiveCell",
    "BlocksCell",
    "Calibration",
    "Cell",
    "Confirmed",
    "Prediction",
    "Rate",
    "SessionCell",
    "Settings",
    "calibrate",
    "calibrated_constructions",
    "calibration_lines",
    "failures",
    "held_share",
    "prediction_lines",
    "predictions_of",
]
