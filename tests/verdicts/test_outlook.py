import numpy as np
import pytest

from attnaudit.statistics import LARGEST_NEEDED
from attnaudit.verdicts.outlook import OpenRow, predict_needed
from attnaudit.verdicts.statistic import Levels, Reduced

LEVELS = Levels(low=0.001, high=0.1)


def row(value, *, share=1.0, fewest=0, total=5):
    values = np.full(total, value)
    return OpenRow(
        reduced=Reduced(lower=values, upper=values, threshold=0.5), share=share, fewest=fewest
    )


def predicted(*rows, refuting_side=-1):
    return predict_needed(
        rows, refuting_side=refuting_side, levels=LEVELS, generator=np.random.default_rng(0)
    )


def test_if_every_row_points_to_the_claim_the_slowest_decides():
    assert predicted(row(1.0), row(0.6)) == predicted(row(0.6)) > predicted(row(1.0))


@pytest.mark.parametrize(("refuting_side", "deciding"), [(-1, 0.3), (1, 0.6)])
def test_a_row_that_points_against_the_claim_decides_it_alone(refuting_side, deciding):
    both = predicted(row(0.3), row(0.6), refuting_side=refuting_side)

    assert both == predicted(row(deciding))
    assert predicted(row(0.3)) != predicted(row(0.6))


def test_of_two_rows_against_the_claim_the_faster_decides():
    assert predicted(row(0.3), row(0.0)) == predicted(row(0.0)) < predicted(row(0.3))


def test_the_stricter_side_needs_more_documents():
    assert predicted(row(1.0)) > predicted(row(0.0))


def test_a_rare_group_needs_many_documents_in_all():
    assert predicted(row(1.0, fewest=20, share=0.01)) == (2_000, 2_000)
    assert predicted(row(0.51, share=0.0001)) == (LARGEST_NEEDED, LARGEST_NEEDED)


def test_a_row_without_documents_allows_no_prediction():
    assert predicted(row(1.0), row(1.0, total=0)) is None
