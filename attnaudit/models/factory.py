"""Opening a model by what the user wrote: a directory, or `package.module:factory`."""

import importlib
from pathlib import Path
from typing import cast

import torch

from attnaudit.errors import ModelError
from attnaudit.models.directory import load_model
from attnaudit.models.protocol import AttentionModel
from attnaudit.models.sources import is_factory
from attnaudit.models.transformers.recognition import is_transformer


def load_factory(spec: str) -> AttentionModel:
    """Import a module of the user and call its factory without arguments.

    Args:
        spec: `package.module:factory`.

    Returns:
        What the factory returns, used as it is, in its own precision and place.

    Raises:
        ModelError: If there is no such module or function, if either raises, or if what comes
            back is no `AttentionModel`.
    """
    if not is_factory(spec):
        raise ModelError(f"a factory is written package.module:function; found {spec!r}.")
    module_name, _, name = spec.partition(":")
    try:
        module = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name is not None and f"{module_name}.".startswith(f"{error.name}."):
            raise ModelError(
                f"{spec}: there is no module {error.name!r}. Install it or put its folder on "
                "PYTHONPATH."
            ) from error
        raise ModelError(f"{spec}: importing {module_name} failed: {error}.") from error
    except Exception as error:
        raise ModelError(
            f"{spec}: importing {module_name} raised {type(error).__name__}: {error}."
        ) from error
    factory = getattr(module, name, None)
    if factory is None:
        raise ModelError(f"{spec}: module {module_name} has no {name!r}. Check the spelling.")
    if not callable(factory):
        raise ModelError(
            f"{spec}: {name} is a {type(factory).__name__}, not a function. Name a function "
            "without parameters that returns the model."
        )
    try:
        model = factory()
    except Exception as error:
        raise ModelError(f"{spec}: the factory raised {type(error).__name__}: {error}.") from error
    return _checked(model, spec)


def open_model(
    spec: str, *, device: str = "cpu", dtype: torch.dtype = torch.float64
) -> AttentionModel:
    """The model a user names.

    Args:
        spec: Path of a model directory, or `package.module:factory`.
        device: "cpu", "cuda" or "auto". A factory chooses its own.
        dtype: Precision to compute in. A factory chooses its own.

    Returns:
        The model.

    Raises:
        ModelError: If it cannot be loaded.
        MissingExtraError: If it is of the transformers library, and that is not installed.
        PreflightError: If it is of that library, and its attention cannot be replaced.
        UsageError: If there is no such device.
    """
    if is_factory(spec):
        return load_factory(spec)
    if is_transformer(Path(spec)):
        # The library is slow to import, and an extra that need not be installed.
        from attnaudit.models.transformers.loading import load_transformer  # noqa: PLC0415

        return load_transformer(Path(spec), device=device, dtype=dtype)
    return load_model(Path(spec), device=device, dtype=dtype)


def _checked(model: object, spec: str) -> AttentionModel:
    members = [name for name in vars(AttentionModel) if not name.startswith("_")]
    missing = [name for name in members if not hasattr(model, name)]
    if not missing:
        return cast("AttentionModel", model)
    raise ModelError(
        f"{spec}: the factory returned a {type(model).__name__}, which is no AttentionModel: it "
        f"lacks {', '.join(missing)}. Wrap it in a class with these members; see "
        "attnaudit.models.AttentionModel."
    )
