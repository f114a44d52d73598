"""How reports call a model at one of its attention sites."""

from collections.abc import Iterable

from attnaudit.reports.plain import plain

_WIDTH = 100


def subject_names(subjects: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """The name of each model at a site, harmless on a terminal.

    It is that of the model, and "model/site" for all where any of them has several sites.

    Args:
        subjects: Models and sites as often as they occur. All that a report shows: what the others
            are decides how each is called.

    Returns:
        Names by model and site, in the order in which these come first.

    Example:
        >>> list(subject_names([("news", "layer.0"), ("news", "layer.1")]).values())
        ['news/layer.0', 'news/layer.1']
    """
    different = dict.fromkeys(subjects)
    several_sites = len({model for model, _ in different}) < len(different)
    return {
        (model, site): plain(model, width=_WIDTH)
        + (f"/{plain(site, width=_WIDTH)}" if several_sites else "")
        for model, site in different
    }
