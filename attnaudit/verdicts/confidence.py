"""How confident the model is in its prediction, in groups that are the same for every model."""

from attnaudit.errors import InvalidArgumentError

# Fixed in advance, as lengths are: quantiles would move with the model and with the sample. Between
# two classes, a small change of log-odds moves a probability p by p(1 - p) of it: by 0.19, 0.05 and
# 0.01 of it at these ends, so from one to the next the output is four to five times as stiff.
_ENDS = {"below 0.75": 0.75, "0.75-0.95": 0.95, "0.95-0.99": 0.99}
_MOST_CONFIDENT = "0.99+"

CONFIDENCE_GROUPS = (*_ENDS, _MOST_CONFIDENT)
"""Their names, least confident first."""

# Probabilities in single precision may leave [0, 1] by about this much.
_ROUNDING = 1e-6


def confidence_group(confidence: float) -> str:
    """The group of a document whose predicted class has this probability.

    Each group begins at its first number and ends just below its second, for any number of classes.

    Args:
        confidence: The model's probability of the class it predicts, in [0, 1].

    Returns:
        One of "below 0.75", "0.75-0.95", "0.95-0.99" and "0.99+".

    Raises:
        InvalidArgumentError: If it is not a probability.
    """
    # Not a number passes no comparison, and would otherwise count as the most confident.
    if not -_ROUNDING <= confidence <= 1 + _ROUNDING:
        raise InvalidArgumentError(
            f"a confidence must be a probability, in [0, 1]; it is {confidence}. Pass the output "
            "after the sigmoid or softmax, not logits"
        )
    return next((name for name, end in _ENDS.items() if confidence < end), _MOST_CONFIDENT)
