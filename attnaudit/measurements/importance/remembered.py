"""Importances of documents that were asked for at another attention site already."""

import torch
from jaxtyping import Float
from torch import Tensor

from attnaudit.claims import Importance
from attnaudit.measurements.importance.named import named_importance
from attnaudit.models.protocol import Attended, AttentionModel, Batch


class RememberedImportances:
    """Importances of one model on one set of documents, each computed once for all its sites.

    Of a transformer with many heads nearly all the work of agreement is the importance, which is
    the same at each. Only "attention-gradient" is about a site.

    A number is kept for each word and each importance.
    """

    def __init__(self) -> None:
        """Nothing is remembered yet."""
        self._rows: dict[tuple[Importance, int | None, str], Tensor] = {}

    def __call__(
        self,
        importance: Importance,
        model: AttentionModel,
        batch: Batch,
        attended: Attended,
        *,
        steps: int | None = None,
    ) -> Float[Tensor, "batch tokens"]:
        """The same as `named_importance`.

        Args:
            importance: Name of the measure.
            model: Always the same model.
            batch: Documents, known by their ids.
            attended: The same documents at the site that is audited.
            steps: Nodes of the integration, with "integrated-gradients" and no other.
        """
        if importance == "attention-gradient":
            return named_importance(importance, model, batch, attended, steps=steps)
        keys = [(importance, steps, document) for document in batch.documents]
        if not all(key in self._rows for key in keys):
            found = named_importance(importance, model, batch, attended, steps=steps)
            lengths = batch.lengths.tolist()
            for key, row, length in zip(keys, found.cpu(), lengths, strict=True):
                self._rows[key] = row[:length].clone()
        rows = [self._rows[key] for key in keys]
        width = batch.mask.shape[1]
        padded = [torch.nn.functional.pad(row, (0, width - len(row))) for row in rows]
        return torch.stack(padded).to(attended.attention.device)
