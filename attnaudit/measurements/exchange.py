"""Is the top position special? Exchange its weight with another's, watch the output."""

from attnaudit.measurements.exchangeable import exchangeable_shares
from attnaudit.measurements.free_share import free_share
from attnaudit.measurements.freedom import freedom
from attnaudit.models.protocol import AttentionModel, Batch
from attnaudit.records import ValueRow


def exchange(
    model: AttentionModel,
    batch: Batch,
    *,
    site: str,
    max_tvd: float,
    max_logit_change: float,
    draws: int,
    seed: int,
) -> tuple[ValueRow, ...]:
    """Exchangeable shares of the top position, and how free the geometry leaves attention.

    One forward pass serves both: the shares, which claims are about, and the descriptions that a
    report shows beside them.

    Args:
        model: The model.
        batch: Documents.
        site: Attention site.
        max_tvd: Total variation distance up to which outputs count as the same, in (0, 1).
        max_logit_change: Change of log-odds that counts as none, in logits (nats), positive.
        draws: Shuffles for the nulls, at least 1.
        seed: Seed of the run.

    Returns:
        The rows of `exchangeable_shares`, `freedom` and `free_share`.

    Raises:
        InvalidArgumentError: If the outputs are independent labels, or a document has more tokens
            than can be shuffled.
    """
    [attended] = model.attend(batch, sites=[site])
    shares = exchangeable_shares(
        attended, max_tvd=max_tvd, max_logit_change=max_logit_change, draws=draws, seed=seed
    )
    return (
        *shares,
        *freedom(attended, max_tvd=max_tvd, draws=draws, seed=seed),
        *free_share(attended, max_tvd=max_tvd, draws=draws, seed=seed),
    )
