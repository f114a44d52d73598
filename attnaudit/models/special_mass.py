"""How much of its attention a model keeps from the words that are audited."""

from attnaudit.errors import PreflightError
from attnaudit.models.protocol import Attended

_TOLERANCE = 1e-5


def special_masses(attended: Attended, *, site: str) -> list[float | None]:
    """The share outside the mask per unit, in [0, 1]; None where the model has no such place.

    Args:
        attended: One batch at one site.
        site: Name of the site, for messages.

    Raises:
        PreflightError: If there is not one share per unit, or one lies outside [0, 1] by more than
            1e-5, the precision to which the network's own weights sum to 1.
    """
    shares, units = attended.special_mass, attended.units
    if shares is None:
        return [None] * len(units)
    if tuple(shares.shape) != (len(units),):
        raise PreflightError(
            f"at site {site!r}, special_mass has shape {tuple(shares.shape)}, but there are "
            f"{len(units)} units. Mend attend(), or leave it None if the model attends to words "
            "alone."
        )
    # Negated, so that a share that is not a number is wrong too.
    wrong = ~((shares >= -_TOLERANCE) & (shares <= 1 + _TOLERANCE))
    if wrong.any():
        unit = int(wrong.nonzero()[0])
        raise PreflightError(
            f"document {units[unit][0]!r} at site {site!r}: its special_mass is "
            f"{shares[unit].item():.4g}, which is no share in [0, 1]. Pass the part of a row that "
            "lies outside the mask, after the softmax."
        )
    return [*shares.clamp(min=0.0, max=1.0).tolist()]
