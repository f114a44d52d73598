"""The one logit that a readout is linear in, where there is one."""

from jaxtyping import Float64
from torch import Tensor

from attnaudit.models.protocol import Readout
from attnaudit.models.readout import LinearReadout


def token_logits(readout: Readout) -> Float64[Tensor, "batch tokens"] | None:
    """The logit of the second class that each token would give alone, bias included.

    The logit under any attention is the mean of these, weighted by the attention. For a softmax
    over two classes it is the logarithm of the odds between them.

    Args:
        readout: Any readout.

    Returns:
        Logits in float64, or None where the output is not a function of one logit that is linear
        in attention. At padding they mean nothing.
    """
    if not isinstance(readout, LinearReadout):
        return None
    logits = readout.scores.detach().double() + readout.bias.detach().double()
    if (readout.link, logits.shape[2]) == ("sigmoid", 1):
        return logits[:, :, 0]
    if (readout.link, logits.shape[2]) == ("softmax", 2):
        return logits[:, :, 1] - logits[:, :, 0]
    return None
