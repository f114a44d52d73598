"""Results of an audit among the metadata of a README, everything else in it left as it is."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import YAMLError

from attnaudit.errors import UsageError
from attnaudit.reports.card_results import METRIC_PREFIX

KEY = "model-index"


def merged_metadata(
    metadata: str, results: Sequence[Mapping[str, Any]], *, name: str, end_of_line: str
) -> str:
    """The metadata with these results in the place of those of an earlier audit.

    Only the lines under the key model-index change. Results that are not of an audit stay.

    Args:
        metadata: YAML as it stands between the lines of three hyphens, or "".
        results: In the form of model-index.
        name: What the model is called if the metadata do not say it.
        end_of_line: What ends the lines that are written.

    Raises:
        UsageError: If the metadata are no YAML mapping of the usual form.
    """
    lines = metadata.splitlines(keepends=True)
    found = _parsed(metadata)
    start, end = _place(found, lines)
    block = _parsed("".join(lines[start:end]).replace("\r\n", "\n"))
    index = block.setdefault(KEY, [])
    model = _model(index, name)
    model["results"] = [*_kept(model.get("results")), *results]
    written = _written(block).replace("\n", end_of_line)
    merged = "".join([*lines[:start], written, *lines[end:]])
    if _others(_parsed(merged)) != _others(found):
        raise _refused(f"would change in other places than {KEY}")
    return merged


def _parsed(text: str) -> CommentedMap:
    try:
        found = _yaml().load(text)
    except YAMLError as error:
        raise _refused(f"are not valid YAML: {error}") from error
    if found is None:
        return CommentedMap()
    if not isinstance(found, CommentedMap) or found.fa.flow_style():
        raise _refused("are no list of keys, each on a line of its own")
    return found


def _others(found: CommentedMap) -> dict[object, object]:
    return {key: value for key, value in found.items() if key != KEY}


def _place(found: CommentedMap, lines: Sequence[str]) -> tuple[int, int]:
    """First line of the key, and the line after its last one; both the end if it is not there."""
    # Keys that come from a merged mapping have no line of their own.
    begin = {key: found.lc.key(key)[0] for key in found if key in found.lc.data}
    if KEY not in begin:
        return len(lines), len(lines)
    start = begin[KEY]
    end = min((line for line in begin.values() if line > start), default=len(lines))
    # Blank lines and comments before the next key belong to that.
    while not lines[end - 1].strip() or lines[end - 1].startswith("#"):
        end -= 1
    return start, end


def _model(index: object, name: str) -> dict[str, Any]:
    """The entry that takes the results: the only one, or the one of that name."""
    if not isinstance(index, list) or not all(isinstance(entry, dict) for entry in index):
        raise _refused(f"have a {KEY} that is no list of models")
    named = [entry for entry in index if entry.get("name") == name]
    if not index:
        index.append({"name": name})
    elif not named and len(index) > 1:
        raise _refused(f"have a {KEY} of {len(index)} models, none of which is called {name}")
    model: dict[str, Any] = (named or index)[0]
    return model


def _kept(results: object) -> list[dict[str, Any]]:
    if results is None:
        return []
    if not isinstance(results, list) or not all(isinstance(one, dict) for one in results):
        raise _refused(f"have a {KEY} whose results are no list")
    return [one for one in results if not _is_ours(one)]


def _is_ours(result: Mapping[str, Any]) -> bool:
    metrics = result.get("metrics")
    if not isinstance(metrics, list) or not metrics:
        return False
    return all(
        isinstance(metric, dict) and str(metric.get("type", "")).startswith(METRIC_PREFIX)
        for metric in metrics
    )


def _written(block: CommentedMap) -> str:
    stream = io.StringIO()
    _yaml().dump(block, stream)
    return stream.getvalue()


def _yaml() -> YAML:
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 10_000  # Lines stay as long as they are.
    return yaml


def _refused(problem: str) -> UsageError:
    return UsageError(
        f"the metadata at the top of the README {problem}. Correct them, or paste what `attnaudit "
        "card` prints"
    )
