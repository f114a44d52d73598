"""What a network reports of itself, one document at a time and without padding."""

import pytest
import torch


@pytest.fixture
def attentions():
    """Attention weights of each layer for one document alone, as numpy arrays."""

    def reported(model, document):
        batch = model.prepare([document])
        with torch.no_grad():
            output = model.network.module(
                input_ids=batch.piece_ids,
                attention_mask=batch.piece_mask.long(),
                output_attentions=True,
            )
        return [weights[0].double().numpy() for weights in output.attentions]

    return reported


@pytest.fixture
def positions_read():
    """The positions of a document from which its output is computed, in a list."""

    def read(model, batch, row):
        pieces = batch.piece_ids[row, batch.piece_mask[row]].tolist()
        if model.anatomy.reads == "first":
            return [0]
        if model.anatomy.reads == "every":
            return list(range(len(pieces)))
        return [max(at for at, piece in enumerate(pieces) if piece != model.reader.padding)]

    return read
