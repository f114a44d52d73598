"""The one door to neural networks: what an audit needs of a model, and how models are opened.

Names are imported on first use, so that `attnaudit.models.configuration`, which a test collection
reads class names with, does not import torch.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from attnaudit.models.classifier import AttentionClassifier
    from attnaudit.models.configuration import (
        Configuration,
        PairConfiguration,
        read_configuration,
    )
    from attnaudit.models.devices import resolve_device
    from attnaudit.models.directory import load_model, save_model
    from attnaudit.models.factory import load_factory, open_model
    from attnaudit.models.nonlinear_readout import NonlinearReadout
    from attnaudit.models.pairs.classifier import PairClassifier
    from attnaudit.models.pairs.model import PairModel
    from attnaudit.models.paper import PaperModel
    from attnaudit.models.planted import (
        faithful_model,
        ignored_attention_model,
        uniform_attention_model,
    )
    from attnaudit.models.preflight import check_attended
    from attnaudit.models.protocol import Attended, AttentionModel, Batch, Outputs, Readout, Site
    from attnaudit.models.readout import LinearReadout
    from attnaudit.models.sources import is_factory
    from attnaudit.models.transformers.loading import load_transformer
    from attnaudit.models.transformers.model import TransformerModel

__all__ = [
    "Attended",
    "AttentionClassifier",
    "AttentionModel",
    "Batch",
    "Configuration",
    "LinearReadout",
    "NonlinearReadout",
    "Outputs",
    "PairClassifier",
    "PairConfiguration",
    "PairModel",
    "PaperModel",
    "Readout",
    "Site",
    "TransformerModel",
    "check_attended",
    "faithful_model",
    "ignored_attention_model",
    "is_factory",
    "load_factory",
    "load_model",
    "load_transformer",
    "open_model",
    "read_configuration",
    "resolve_device",
    "save_model",
    "uniform_attention_model",
]

_MODULES = {
    "Attended": "protocol",
    "AttentionClassifier": "classifier",
    "AttentionModel": "protocol",
    "Batch": "protocol",
    "Configuration": "configuration",
    "LinearReadout": "readout",
    "NonlinearReadout": "nonlinear_readout",
    "Outputs": "protocol",
    "PairClassifier": "pairs.classifier",
    "PairConfiguration": "configuration",
    "PairModel": "pairs.model",
    "PaperModel": "paper",
    "Readout": "protocol",
    "Site": "protocol",
    "TransformerModel": "transformers.model",
    "check_attended": "preflight",
    "faithful_model": "planted",
    "ignored_attention_model": "planted",
    "is_factory": "sources",
    "load_factory": "factory",
    "load_model": "directory",
    "load_transformer": "transformers.loading",
    "open_model": "factory",
    "read_configuration": "configuration",
    "resolve_device": "devices",
    "save_model": "directory",
    "uniform_attention_model": "planted",
}


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
