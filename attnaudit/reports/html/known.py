"""Names of audits and quantities that a page shows in a way of their own."""

AGREEMENT = "agreement"
PERMUTATION = "permutation"
SEARCH = "search"
"""The paper's method, among those of an adversary."""

TAU = "tau"
PVALUE = "p-value"
SHARE = "share-of-free-maximum"
