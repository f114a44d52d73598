"""Where a model runs."""

import torch

from attnaudit.errors import UsageError


def resolve_device(name: str) -> torch.device:
    """Device of the name a user gives.

    Args:
        name: "cpu", "cuda", or "auto" for CUDA where there is one and else the CPU.

    Returns:
        A device that exists.

    Raises:
        UsageError: If the name is none of these, or CUDA is asked for and absent.
    """
    if name not in {"cpu", "cuda", "auto"}:
        raise UsageError(f"the device must be cpu, cuda or auto; found {name!r}.")
    if name == "cuda" and not torch.cuda.is_available():
        raise UsageError(
            "device cuda was asked for, but torch sees no CUDA device here. Use cpu or auto, or "
            "install a CUDA build of torch and its driver."
        )
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    return torch.device(name)
