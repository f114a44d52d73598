"""Does attention serve the decision?

Change of the output when attention is raised to a power, by default -1, which inverts its order.
"""

import pytest


@pytest.mark.attention_audit("inversion")
def test_inverting_attention_weakens_the_decision(audit):
    audit.check()
