"""Leave-one-out written once, plainly: every shortened document is read from its first word.

Jain & Wallace (2019), algorithm 1: without each word in turn, encode, attend and decode again. It
shares nothing between deletions, so that it can be what attnaudit is compared with.
"""

import torch
from torch.nn.utils.rnn import pad_sequence

DOCUMENTS = 32
"""Shortened documents in a batch, as in the paper's code."""


def shortened(document):
    """The words of one document without each in turn, [words words - 1]."""
    words = len(document)
    position = torch.arange(words - 1, device=document.device)
    return document[position + (position >= torch.arange(words, device=document.device)[:, None])]


def leave_one_out(network, documents):
    """Probability of the second class without each word, in order of documents and words.

    Args:
        network: Logits [batch 1] from word ids and mask; in evaluation mode.
        documents: Word ids of each, of two words or more; neighbours should be alike in length.
    """
    deletions = [row for document in documents for row in shortened(document)]
    found = []
    with torch.no_grad():
        for start in range(0, len(deletions), DOCUMENTS):
            some = deletions[start : start + DOCUMENTS]
            token_ids = pad_sequence(some, batch_first=True)
            lengths = torch.tensor([len(one) for one in some], device=token_ids.device)
            mask = torch.arange(token_ids.shape[1], device=token_ids.device) < lengths[:, None]
            found.append(torch.sigmoid(network(token_ids, mask))[:, 0])
    return torch.cat(found)
