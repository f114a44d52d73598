"""How a model read the documents that are stored of it: which not, which in part, with what beside.

Some documents cannot be used, of some the end is missing, and some attention lies on what
is no word of any.
"""

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import BaseModel, ConfigDict

from attnaudit.store.parts import Parts

_COLUMNS = ["id", "skipped", "truncated", "special_mass"]


class SpecialMass(BaseModel):
    """The share of attention, in [0, 1], on special tokens and second texts, over documents."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    mean: float
    least: float
    most: float


@dataclass(frozen=True, kw_only=True, slots=True)
class HowRead:
    """How the documents of one model at one site were read.

    Attributes:
        n: Documents, read or not.
        skipped: Why a document could not be used, by its id.
        truncated: Documents that were not read whole; None if they were stored before that was
            told.
        special_mass: Attention on no word of a document; None where the model has no such place,
            or the documents were stored before that was told.
    """

    n: int
    skipped: dict[str, str]
    truncated: int | None
    special_mass: SpecialMass | None


def how_read(documents: Parts) -> HowRead:
    """What the table of documents says of all of them.

    Args:
        documents: Its parts, or the first of them.
    """
    empty = documents.schema.empty_table().select(_COLUMNS)
    table = pa.concat_tables([empty, *documents.tables(_COLUMNS)])
    left_out = table.filter(pc.is_valid(table["skipped"]))
    # A document with several outputs has a row for each.
    once = table.group_by("id", use_threads=False).aggregate(
        [("truncated", "any"), ("special_mass", "mean")]
    )
    cut = None if table["truncated"].null_count else pc.sum(once["truncated_any"], min_count=0)
    return HowRead(
        n=len(once),
        skipped=dict(zip(left_out["id"].to_pylist(), left_out["skipped"].to_pylist(), strict=True)),
        truncated=None if cut is None else cut.as_py(),
        special_mass=_special_mass(once["special_mass_mean"].drop_null()),
    )


def _special_mass(shares: pa.ChunkedArray) -> SpecialMass | None:
    if not len(shares):
        return None
    ends = pc.min_max(shares).as_py()
    return SpecialMass(mean=pc.mean(shares).as_py(), least=ends["min"], most=ends["max"])
