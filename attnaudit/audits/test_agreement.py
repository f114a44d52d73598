"""Does attention rank the words as an importance does?

Kendall's tau-b between attention and gradient or leave-one-out importance, after Jain & Wallace
(2019), section 4.1.
"""

import pytest


@pytest.mark.attention_audit("agreement")
def test_attention_agrees_with_importance(audit):
    audit.check()
