"""Does it matter which position has which weight?

Change of the output when the attention weights are shuffled, after Jain & Wallace (2019), section
4.2.1.
"""

import pytest


@pytest.mark.attention_audit("permutation")
def test_the_order_of_attention_matters(audit):
    audit.check()
