"""Audit whether attention weights explain a model's decisions.

To read the code, begin with `records`, then `models.protocol`, `measurements.permutation`,
`verdicts` and one file of `audits/`: that is the whole idea.
"""

__version__ = "0.1.0"
