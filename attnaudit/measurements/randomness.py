"""Randomness that belongs to a document: the same in any batch, order, worker and device."""

import hashlib

import numpy as np


def document_generator(seed: int, measurement: str, document: str) -> np.random.Generator:
    """The generator of one document in one measurement, seeded by a hash of all three."""
    name = f"{seed}\0{measurement}\0{document}".encode()
    digest = hashlib.sha256(name).digest()
    # As 32-bit words, the lowest first: the same as one whole number, in two thirds of the time.
    return np.random.default_rng(np.frombuffer(digest[::-1], dtype="<u4"))
