"""Deciding cases: open the model, check it, measure what is missing, judge."""

from collections.abc import Mapping
from functools import cache, lru_cache, partial
from importlib import metadata

from attnaudit.claims import Claim
from attnaudit.measurements.importance import RememberedImportances
from attnaudit.measurements.random_attention import UntrainedModels
from attnaudit.models.protocol import AttentionModel
from attnaudit.records import Measurement
from attnaudit.runs.decided import decide_rows
from attnaudit.runs.decision import Decision
from attnaudit.runs.described import documents_entry, model_entry
from attnaudit.runs.drawn import has_quantity, read_drawn
from attnaudit.runs.growth import Table, ensure
from attnaudit.runs.history import note_claims
from attnaudit.runs.measure import KINDS_OF_UNTRAINED, REVISION, measurement_of, untrained_for
from attnaudit.runs.plan import Case, Plan, Subject
from attnaudit.runs.ready import Ready, check_can_be_asked, make_ready, open_subject_model
from attnaudit.runs.stream import DOCUMENTS_PER_PART, write_documents, write_values
from attnaudit.store.directory import RunDirectory
from attnaudit.store.first import Look, looks_of
from attnaudit.store.keys import digest_of
from attnaudit.store.rows import measurement_label
from attnaudit.verdicts import FIRST_BLOCK, block_ends


class Auditor:
    """Decides the cases of a plan, sharing models and stored measurements between them.

    Several processes may work on one run directory: whoever comes first measures, the others
    wait for it and read.
    """

    def __init__(
        self,
        plan: Plan,
        directory: RunDirectory,
        *,
        models: Mapping[str, AttentionModel] | None = None,
        show_progress: bool = False,
    ) -> None:
        """Decide the cases of `plan`, keeping what is measured in `directory`.

        `models` are already open, by the names of their subjects; the others are opened here. By
        which claims they are judged is on record from now on.

        Raises:
            UsageError: If the record of earlier claims is damaged.
        """
        note_claims(plan, directory)
        self._plan = plan
        self._open = dict(models or {})
        self._directory = directory
        self._show_progress = show_progress
        # What models at sites, with so many documents, have been checked.
        self._usable: set[tuple[str, str, int]] = set()
        # One entry per model and site of the plan, for as long as this auditor lives.
        self._ready = cache(self._make_ready)
        self._importances: dict[str, RememberedImportances] = {}
        # Those of the model in hand: the networks of all models might fill the memory.
        self._untrained = lru_cache(maxsize=KINDS_OF_UNTRAINED)(self._make_untrained)

    def decide(self, case: Case) -> Decision:
        """Measure what is not yet stored, and judge the claim.

        Raises:
            ModelError: If the model cannot be loaded.
            PreflightError: If it cannot be measured as it stands.
            DataError: If too many documents cannot be used.
        """
        ready, claim = self._ready(case.subject.name, case.site), case.claim
        check_can_be_asked(ready, claim)
        documents, values = self._documents_table(ready), self._values_table(ready, claim)
        rows = decide_rows(
            claim,
            partial(self._read, ready, claim, (documents, values)),
            level=self._plan.level,
            ends=self._ends(ready),
            grows=self._plan.request.adaptive,
            model=case.subject.name,
            site=ready.site,
        )
        about = {measurement_label(claim): values.key}
        where = f"{case.subject.name}/{ready.site}"
        return Decision(
            rows=rows,
            model=model_entry(
                ready,
                documents.parts,
                drawn=rows[0].drawn or len(ready.documents),
                key=documents.key,
                about=about,
            ),
            seconds={
                f"{where}/documents": _seconds(documents),
                f"{where}/{measurement_label(claim)}": _seconds(values),
            },
        )

    def model(self, name: str) -> AttentionModel:
        """The model of the subject `name`, opened once."""
        if name not in self._open:
            self._open[name] = open_subject_model(self._subject(name), self._plan.request)
        return self._open[name]

    def _subject(self, name: str) -> Subject:
        return next(subject for subject in self._plan.subjects if subject.name == name)

    def _make_ready(self, name: str, site: str | None) -> Ready:
        request = self._plan.request
        return make_ready(self._subject(name), self.model(name), site=site, request=request)

    def _make_untrained(self, name: str, audit: str) -> UntrainedModels | None:
        return untrained_for(audit, self.model(name), seed=self._plan.request.seed)

    def _ends(self, ready: Ready) -> tuple[int, ...]:
        total = len(ready.documents)
        return block_ends(total) if self._plan.request.adaptive else (total,)

    def _read(
        self,
        ready: Ready,
        claim: Claim,
        tables: tuple[Table, Table],
        drawn: int,
        quantity: str,
    ) -> Measurement | None:
        """A quantity of the first documents, measured if it is not yet stored."""
        documents, values = tables
        ends = tuple(end for end in self._ends(ready) if end <= drawn)
        self._ensure(documents, ready, ends)
        if (case := (ready.subject.name, ready.site, drawn)) not in self._usable:
            # Too many unusable ones end the audit here.
            documents_entry(ready, documents.parts, drawn=drawn)
            self._usable.add(case)
        looks = self._ensure(values, ready, ends)
        if quantity != claim.quantity and not has_quantity(values.parts, quantity):
            return None
        return read_drawn(
            values.parts,
            documents.parts,
            claim,
            drawn=[document.id for document in ready.documents[:drawn]],
            seed=self._plan.request.seed,
            population=ready.subject.population or len(ready.documents),
            classes=ready.model.outputs.classes,
            parts=next((look.parts for look in looks if look.drawn == drawn), None),
            quantity=quantity,
        )

    def _documents_table(self, ready: Ready) -> Table:
        name, request = ready.subject.name, self._plan.request
        key = self._key(ready, text=request.store_text)
        parts = self._directory.documents(key)
        return Table(
            parts=parts,
            key=key,
            description=f"{name}: documents",
            write=partial(
                write_documents,
                parts,
                ready.model,
                name=name,
                site=ready.site,
                store_text=request.store_text,
                batch_size=request.batch_size,
            ),
            summary={"model": name, "site": ready.site},
            grows=request.adaptive,
        )

    def _values_table(self, ready: Ready, claim: Claim) -> Table:
        request = self._plan.request
        key = self._key(ready, audit=claim.audit, parameters=claim.parameters)
        parts = self._directory.measurement(key)
        measure = measurement_of(
            claim,
            ready.model,
            site=ready.site,
            seed=request.seed,
            untrained=partial(self._untrained, ready.subject.name),
            remembered=self._remembered(ready.subject.name),
        )
        return Table(
            parts=parts,
            key=key,
            description=f"{ready.subject.name}: {measurement_label(claim)}",
            write=partial(
                write_values, parts, ready.model, measure=measure, batch_size=request.batch_size
            ),
            summary={"audit": claim.audit, "parameters": claim.parameters},
            grows=request.adaptive,
        )

    def _remembered(self, name: str) -> RememberedImportances | None:
        """What other sites of a model may use; None where it has only one in this plan."""
        sites = {case.site for case in self._plan.cases if case.subject.name == name}
        if len(sites) < 2:
            return None
        return self._importances.setdefault(name, RememberedImportances())

    def _key(self, ready: Ready, **what: object) -> str:
        request = self._plan.request
        return digest_of(
            {
                "attnaudit": metadata.version("attnaudit"),
                "revision": REVISION,
                "documents": ready.subject.digest,
                "order": "drawn" if request.adaptive else "given",
                # Where parts end; otherwise a run would go on from parts of other documents.
                "blocks": [FIRST_BLOCK, DOCUMENTS_PER_PART],
                "seed": request.seed,
                "device": ready.model.device.type,
                "dtype": str(ready.model.dtype),
                "weights": ready.digest,
                "site": ready.site,
                **what,
            }
        )

    def _ensure(self, table: Table, ready: Ready, ends: tuple[int, ...]) -> tuple[Look, ...]:
        shown = self._show_progress
        return looks_of(ensure(table, self._directory, ready.documents, ends=ends, shown=shown))


def _seconds(table: Table) -> float:
    return float((table.parts.finished() or {})["seconds"])
