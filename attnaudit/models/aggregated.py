"""Names of what is read off several layers or weighted by more than the softmax.

Nothing can be put in the place of such a number: agreement can be asked of it, a permutation
cannot. Nothing here imports torch, so a plan can tell before a model is opened.
"""

ROLLOUT = "rollout"
ATTENTION_FLOW = "attention-flow"
GRADIENT_WEIGHTED = "gradient-weighted"
NORM_BASED = "norm-based"

AGGREGATED = (ROLLOUT, ATTENTION_FLOW, GRADIENT_WEIGHTED, NORM_BASED)
"""Attention sites of a transformer that cannot be replaced."""
