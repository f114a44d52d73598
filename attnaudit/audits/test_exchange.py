"""Is the position with the most attention special?

Change of the output when its weight is exchanged with another position's, beside the same for
shuffled attention.
"""

import pytest


@pytest.mark.attention_audit("exchange")
def test_the_top_position_cannot_be_exchanged(audit):
    audit.check()
