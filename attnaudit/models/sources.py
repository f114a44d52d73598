"""What a user means by the name of a model. Needs no torch, so it can be asked at collection."""

import re

# A module of one letter is taken for a Windows drive.
_FACTORY = re.compile(r"(?!\w:)[^\W\d]\w*(\.[^\W\d]\w*)*:[^\W\d]\w*")


def is_factory(spec: str) -> bool:
    """Whether `spec` has the form `package.module:factory`, which runs the user's code.

    Args:
        spec: What the user wrote.

    Returns:
        True for that form. A directory whose name has it can still be given, as `./name:part`.
    """
    return _FACTORY.fullmatch(spec) is not None
