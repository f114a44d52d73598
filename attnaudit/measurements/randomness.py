"""Randomness that belongs to a document: the same in any batch, order, worker and device."""

import hashlib

import numpy as np


def document_generator(seed: int, measurement: str, document: str) -> np.random.Generator:
    """The generator of one document in one measurement, seeded by a hash of all three."""
    name = f"{seed}\0{measurement}\0{document}".encode()
    return np.random.default_rng(int.from_bytes(hashlib.sha256(name).digest(), "big"))
