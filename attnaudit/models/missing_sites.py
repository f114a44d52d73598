"""Models that can say why they have no attention site of a name."""

from typing import Protocol, runtime_checkable


@runtime_checkable
class ChecksSites(Protocol):
    """A model of so many sites, or of such that depend on how it is built, that a list says little.

    Its own messages then take the place of one that lists all sites.
    """

    def check_site(self, name: str) -> None:
        """Raise unless there is such a site.

        Args:
            name: What the user asked for.

        Raises:
            UsageError: If the name is that of no site.
            PreflightError: If there would be one, were the model another.
        """
        ...
