"""Audits from Python, without pytest."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from attnaudit.claims import ClaimSet, default_claims
from attnaudit.data import check_labels, documents_digest
from attnaudit.data.ids import check_ids
from attnaudit.models.protocol import AttentionModel
from attnaudit.records import Document
from attnaudit.runs.assemble import assemble_run
from attnaudit.runs.auditor import Auditor
from attnaudit.runs.history import earlier_run
from attnaudit.runs.plan import Request, Subject, plan_subjects
from attnaudit.store.directory import create_run_directory
from attnaudit.store.run import Run, write_run


def audit(
    model: AttentionModel,
    documents: Sequence[Document],
    claims: ClaimSet | None = None,
    *,
    name: str = "model",
    sites: Sequence[str] = (),
    seed: int = 0,
    batch_size: int | None = None,
    adaptive: bool = False,
    report: Path | None = None,
) -> Run:
    """Measure and judge every claim about one open model.

    Args:
        model: The model, in evaluation mode.
        documents: What to audit it on, with unique ids.
        claims: What to judge; the package's default claims if not given.
        name: What the run calls the model.
        sites: Attention sites, or patterns as "layer.*.head.*"; the model's first if none is given.
        seed: Seeds everything random.
        batch_size: Most documents per forward pass; as many as memory allows if not given.
            Changes no result.
        adaptive: Draw documents in growing blocks, in a seeded order, until a claim is decided.
        report: Keep measurements and run.json here.

    Returns:
        What `run.json` would hold.

    Raises:
        UsageError: If the model has no such site, or no claim can be asked at one.
        PreflightError: If the model cannot be measured as it stands.
        DataError: If there are no documents, two share an id, a label is no class, or too many
            cannot be used.
    """
    check_ids(documents, source="audit()")
    labelled = check_labels(tuple(documents), model.outputs.classes)
    subject = Subject(
        name=name,
        source="python",
        documents=labelled,
        documents_source="python",
        digest=documents_digest(labelled),
        claims=claims if claims is not None else default_claims(),
    )
    known = {one.name: one.replaceable for one in model.sites}
    # Its first site by name, so that what cannot be asked there is left out as anywhere else.
    request = Request(
        sites=tuple(sites) or tuple(known)[:1],
        seed=seed,
        batch_size=batch_size,
        adaptive=adaptive,
    )
    plan = plan_subjects(request, (subject,), known={name: known})
    with tempfile.TemporaryDirectory(prefix="attnaudit-") as scratch:
        directory = create_run_directory(report or Path(scratch))
        auditor = Auditor(plan, directory, models={name: model})
        decisions = [auditor.decide(case) for case in plan.cases]
        run = assemble_run(
            plan,
            earlier=earlier_run(directory),
            rows=[row for decision in decisions for row in decision.rows],
            models=[decision.model for decision in decisions],
            seconds={
                key: value for decision in decisions for key, value in decision.seconds.items()
            },
        )
        write_run(directory.run_file, run)
    return run
