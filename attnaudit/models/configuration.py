"""What a model directory says about its model. Needs no torch, so it can be read at collection."""

import difflib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from attnaudit.errors import ModelError
from attnaudit.models.members import read_member

FORMAT: Final = "attnaudit-classifier"
VERSION: Final = 1
CONFIGURATION_FILE = "config.json"
CONVOLUTION_WIDTHS = (1, 3, 5, 7)
_MOST_BYTES = 2**20


class Configuration(BaseModel):
    """Everything about a classifier of the paper except its weights and its vocabulary.

    Attributes:
        format: Name of the directory format.
        version: Version of the directory format.
        encoder: "bilstm", "cnn" or "average" (a token-wise projection).
        attention: "additive" or "dot" (scaled).
        embedding_size: Dimensions of a word's embedding.
        hidden_size: Units per direction of "bilstm", filters or units in all otherwise.
        classes: Names in sorted order, the order of the probability columns.
        kind: "binary" is one sigmoid for the second class; "softmax" has one output per class.
        tokenizer: How text is split into words.
        vocabulary_size: Rows of the embedding, the four special tokens included.
        max_tokens: Documents with more words are skipped.

    Raises:
        pydantic.ValidationError: If a field is missing, unknown, of another type or out of range.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    format: Literal["attnaudit-classifier"] = FORMAT
    version: Literal[1] = VERSION
    encoder: Literal["bilstm", "cnn", "average"]
    attention: Literal["additive", "dot"]
    embedding_size: Annotated[int, Field(ge=1, le=8192)] = 300
    hidden_size: Annotated[int, Field(ge=2, le=8192)] = 128
    classes: Annotated[tuple[str, ...], Field(min_length=2, max_length=10_000)]
    kind: Literal["binary", "softmax"]
    tokenizer: Literal["whitespace", "spacy"]
    vocabulary_size: Annotated[int, Field(ge=4, le=10_000_000)]
    max_tokens: Annotated[int, Field(ge=1, le=1_000_000)] = 20_000

    @model_validator(mode="after")
    def _check_classes(self) -> "Configuration":
        if list(self.classes) != sorted(set(self.classes)):
            raise ValueError("classes must be sorted and unique")
        if not all(name.isprintable() and name.strip() for name in self.classes):
            raise ValueError("every class needs a name of printable characters")
        if self.kind == "binary" and len(self.classes) != 2:
            raise ValueError(f"kind 'binary' needs two classes, found {len(self.classes)}")
        return self

    @model_validator(mode="after")
    def _check_filters(self) -> "Configuration":
        if self.encoder == "cnn" and self.hidden_size % len(CONVOLUTION_WIDTHS):
            raise ValueError(
                f"encoder 'cnn' shares hidden_size among {len(CONVOLUTION_WIDTHS)} kernels, "
                f"so it must be a multiple of {len(CONVOLUTION_WIDTHS)}; found {self.hidden_size}"
            )
        return self


class PairConfiguration(Configuration):
    """The same for a classifier of two texts, of which the second asks about the first.

    A directory without the key `task` holds a classifier of one text.

    Attributes:
        task: "pair".
        kind: "softmax", with one output per class also where there are two.
        candidates: Which classes may be the answer: "all" of them, or those "mentioned" in the
            first text, as in a cloze question about one of its entities.

    Raises:
        pydantic.ValidationError: If a field is missing, unknown, of another type or out of range.
    """

    task: Literal["pair"] = "pair"
    kind: Literal["softmax"] = "softmax"
    candidates: Literal["all", "mentioned"] = "all"


def read_configuration(path: Path) -> Configuration:
    """Configuration of the model directory `path`, without touching its weights.

    Args:
        path: A model directory.

    Returns:
        The validated content of its `config.json`; a `PairConfiguration` if that names a task.

    Raises:
        ModelError: If the directory cannot be used, or `config.json` is missing, unreadable, of
            another format or version, or has an unknown key, a wrong type or an absurd size.
    """
    content = read_member(path, CONFIGURATION_FILE, most_bytes=_MOST_BYTES)
    where = f"{CONFIGURATION_FILE} of {path}"
    try:
        fields = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise ModelError(f"{where} is not JSON: {error}. Export the model again.") from error
    _check_format(fields, where)
    schema = PairConfiguration if "task" in fields else Configuration
    try:
        return schema.model_validate_json(content)
    except ValidationError as error:
        problems = "; ".join(_problems(error, schema))
        raise ModelError(f"{where}: {problems}. Correct the file or export again.") from error


def _check_format(fields: object, where: str) -> None:
    if not isinstance(fields, Mapping):
        raise ModelError(
            f"{where} must be a JSON object; found {type(fields).__name__}. Export the model again."
        )
    if fields.get("format") != FORMAT:
        raise ModelError(
            f"{where} must have format {FORMAT!r}; found {fields.get('format')!r:.40}. "
            "Export the model in that format, or load it by a factory, package.module:function."
        )
    version = fields.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version != VERSION:
        raise ModelError(
            f"{where} has format version {version!r:.40}, but this attnaudit reads "
            f"version {VERSION}. Export the model again, or install a matching attnaudit."
        )


def _problems(error: ValidationError, schema: type[Configuration]) -> Iterator[str]:
    for problem in error.errors(include_url=False):
        key = ".".join(str(part) for part in problem["loc"])
        if problem["type"] == "extra_forbidden":
            nearest = difflib.get_close_matches(key, schema.model_fields, n=1, cutoff=0.0)
            yield f"unknown key {key!r}; did you mean {nearest[0]!r}?"
        elif not key:
            yield problem["msg"].removeprefix("Value error, ")
        else:
            yield f"{key}: {problem['msg']}; found {problem['input']!r:.80}"
