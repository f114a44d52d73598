"""Does attention depend on what the encoder has learnt?

Rank correlation of attention with that of the same model whose encoder has random weights. Random
weights of the head are not tried: attention is computed before it, so they change none.
"""

import pytest


@pytest.mark.attention_audit("randomisation")
def test_attention_depends_on_what_the_encoder_learnt(audit):
    audit.check()
