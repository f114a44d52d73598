"""Bounds that hold for any distribution on a known range, at any number of documents."""

from attnaudit.statistics.betting import (
    log_capital_above,
    log_capital_below,
    lower_bound,
    upper_bound,
)
from attnaudit.statistics.finite import (
    finite_log_capital_above,
    finite_lower_bound,
    finite_median_lower_bound,
    finite_median_upper_bound,
    finite_upper_bound,
)
from attnaudit.statistics.median import median_lower_bound, median_upper_bound
from attnaudit.statistics.needed import LARGEST_NEEDED, needed_documents

__all__ = [
    "LARGEST_NEEDED",
    "finite_log_capital_above",
    "finite_lower_bound",
    "finite_median_lower_bound",
    "finite_median_upper_bound",
    "finite_upper_bound",
    "log_capital_above",
    "log_capital_below",
    "lower_bound",
    "median_lower_bound",
    "median_upper_bound",
    "needed_documents",
    "upper_bound",
]
