"""What options can be set to."""

from enum import StrEnum


class Encoder(StrEnum):
    """What reads the words."""

    BILSTM = "bilstm"
    CNN = "cnn"
    AVERAGE = "average"


class Attention(StrEnum):
    """How words are scored."""

    ADDITIVE = "additive"
    DOT = "dot"


class Device(StrEnum):
    """Where to compute."""

    CPU = "cpu"
    CUDA = "cuda"
    AUTO = "auto"


class Tokenizer(StrEnum):
    """What splits a text into words."""

    WHITESPACE = "whitespace"
    SPACY = "spacy"


class Candidates(StrEnum):
    """Which classes may be the answer to a second text."""

    ALL = "all"
    MENTIONED = "mentioned"


class Inconclusive(StrEnum):
    """What an undecided required claim does to the exit status."""

    FAIL = "fail"
    WARN = "warn"
