"""Names of an audit and a quantity that reports show in a way of their own."""

ADVERSARY = "adversary"
DIVERGENCE = "divergence"
