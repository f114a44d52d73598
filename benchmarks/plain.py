"""The paper's adversarial search, written once, plainly, from its published description.

Jain & Wallace (2019), algorithm 3, with the settings of their published code: five attentions per
document from logarithms of uniform numbers plus noise of standard deviation 3, 500 steps of Adam
with AMSGrad at rate 0.01, a penalty of 500 on what the output moves beyond 0.01, divergences with
1e-10 inside the logarithm, the last iterate, accepted if the output moved by at most `max_tvd`.
It knows nothing of attnaudit, so that it can be what attnaudit is compared with.
"""

import torch

ATTENTIONS = 5
STEPS = 500
RATE = 0.01
NOISE = 3.0
PENALTY = 500.0
SLACK = 0.01


def divergence(p, q):
    middle = (p + q) / 2

    def relative_entropy(one):
        return (one * ((one + 1e-10).log() - (middle + 1e-10).log())).sum(dim=-1)

    return (relative_entropy(p) + relative_entropy(q)) / 2


def decode(context, weight, bias):
    logits = context @ weight.T + bias
    return torch.sigmoid(logits) if len(weight) == 1 else logits.softmax(dim=-1)


def search(hidden, weight, bias, attention, mask, *, generator):
    """The last iterate for one batch of documents.

    Args:
        hidden: [batch tokens hidden] encoder states.
        weight: [outputs hidden] of the decoder: one output is a sigmoid, several are a softmax.
        bias: [outputs] of the decoder.
        attention: [batch tokens].
        mask: [batch tokens].
        generator: Draws the starts.

    Returns:
        Attentions [batch attentions tokens] and what the output moved by, [batch attentions].
    """
    shape = (len(attention), ATTENTIONS, attention.shape[1])
    drawn = {"generator": generator, "device": attention.device}
    logits = torch.rand(shape, **drawn).log() + NOISE * torch.randn(shape, **drawn)
    logits.requires_grad_(True)
    optimiser = torch.optim.Adam([logits], lr=RATE, amsgrad=True)
    output = decode(torch.bmm(attention[:, None], hidden), weight, bias)
    pairs = ATTENTIONS * ATTENTIONS

    def replaced():
        found = logits.masked_fill(~mask[:, None], float("-inf")).softmax(dim=2)
        difference = (decode(torch.bmm(found, hidden), weight, bias) - output).abs()
        return found, difference.sum(dim=2) / (1 if len(weight) == 1 else 2)

    for _ in range(STEPS):
        found, moved = replaced()
        far = divergence(found, attention[:, None])
        spread = divergence(found[:, :, None], found[:, None]).sum(dim=(1, 2)) / pairs
        loss = (PENALTY * (moved - SLACK).relu() - far).sum() - spread.sum()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    with torch.no_grad():
        return replaced()


def accepted_divergence(found, moved, attention, *, max_tvd):
    """The largest divergence among the accepted ones, 0 where none is, [batch]."""
    far = divergence(found, attention[:, None])
    return torch.where(moved <= max_tvd, far, 0.0).amax(dim=1)
