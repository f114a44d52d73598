"""Is there a very different attention with the same output?

The farthest attention whose output stays close, after Jain & Wallace (2019), section 4.2.2.
"""

import pytest


@pytest.mark.attention_audit("adversary")
def test_no_distant_attention_gives_the_same_output(audit):
    audit.check()
