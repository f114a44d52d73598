"""attnaudit show: one document of a run, explained."""

from pathlib import Path
from typing import Annotated

import typer

from attnaudit.claims import AUDITS, load_claims
from attnaudit.cli.model_choice import chosen_model
from attnaudit.errors import UsageError
from attnaudit.reports.sweeps import without_sweeps
from attnaudit.runs.claims_of_run import claims_of
from attnaudit.runs.stored import StoredRun, open_run
from attnaudit.store.run import ModelEntry


def show(
    run: Annotated[Path, typer.Argument(help="Report directory of a run.")],
    document: Annotated[str, typer.Argument(help="Id of a document.")],
    *,
    model: Annotated[
        str | None, typer.Option(help="Which model of the run.  [default: its only one]")
    ] = None,
    site: Annotated[
        str | None,
        typer.Option(help="Only at this attention site.  [default: all but those of a sweep]"),
    ] = None,
    audit: Annotated[
        str | None, typer.Option(help="Only claims of this kind of audit.  [default: all]")
    ] = None,
    claims: Annotated[
        Path | None, typer.Option(help="Claims file.  [default: the claims of the run]")
    ] = None,
) -> None:
    """Show a document's words by attention, both outputs, and its values for every claim."""
    from rich.console import Console  # noqa: PLC0415  # only this command needs a console

    from attnaudit.reports.show import print_document  # noqa: PLC0415
    from attnaudit.reports.show_values import read_stored_document  # noqa: PLC0415

    if audit is not None and audit not in AUDITS:
        raise UsageError(f"there is no audit {audit!r}; the audits are {', '.join(AUDITS)}")
    stored = open_run(run)
    name = chosen_model(stored, model)
    wanted = claims_of(stored, None if claims is None else load_claims(claims))[name].claims
    console = Console()
    for entry in _entries(stored, name, site):
        measured = {
            claim: stored.measurement_key(entry, claim)
            for claim in wanted
            if audit in {None, claim.audit}
        }
        found = read_stored_document(stored.directory, entry, document, measured)
        print_document(found, stored.run.claims, console)


def _entries(stored: StoredRun, name: str, site: str | None) -> list[ModelEntry]:
    """The model at the sites that are to be shown."""
    models = without_sweeps(stored.run).models if site is None else stored.run.models
    found = [entry for entry in models if entry.name == name and site in {None, entry.site}]
    if not found:
        known = ", ".join(entry.site for entry in models if entry.name == name)
        raise UsageError(
            f"{name} was not audited at attention site {site!r} in {stored.place}, but at {known}"
        )
    return found
