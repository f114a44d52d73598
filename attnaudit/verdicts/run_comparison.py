"""Two runs side by side: which documents are the same, and what became of every claim."""

from dataclasses import dataclass
from typing import Literal

from attnaudit.verdicts.change import ClaimChange


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentPairs:
    """Which documents of two runs are the same.

    Attributes:
        old_model: Name of the model in the old run.
        new_model: Name of the model in the new run.
        site: Attention site.
        same_weights: Whether the two models have one digest.
        same_digest: Whether both runs were asked about exactly the same documents.
        verified: Whether documents of one id are known to be the same, by the digest of all
            documents or by their stored words.
        ids: Ids of the documents that both runs measured, in the order of the old run.
        only_old: How many the old run alone measured.
        only_new: How many the new run alone measured.
        other_words: How many ids name different words in the two runs; they are not paired.
    """

    old_model: str
    new_model: str
    site: str
    same_weights: bool
    same_digest: bool
    verified: bool
    ids: tuple[str, ...]
    only_old: int
    only_new: int
    other_words: int


@dataclass(frozen=True, kw_only=True, slots=True)
class RunComparison:
    """Everything that can be said about two runs.

    Attributes:
        pairs: One entry per model and site that both runs have.
        claims: In the order of models, sites and claims.
        changed_claims: Models whose claims are not those that the old run was judged by.
    """

    pairs: tuple[DocumentPairs, ...]
    claims: tuple[ClaimChange, ...]
    changed_claims: tuple[str, ...] = ()

    def passes(self, *, inconclusive: Literal["fail", "warn"]) -> bool:
        """Whether no required claim is worse, lost in a way that counts, or (if asked) open."""
        return not any(
            claim.is_worse or (inconclusive == "fail" and claim.is_open) for claim in self.claims
        )
