"""One trained model measured on its test documents, table by table, as far as not done yet."""

import hashlib
from collections.abc import Callable, Sequence
from functools import partial
from importlib import metadata
from pathlib import Path

import torch

from attnaudit.adversaries import admits_exact, admits_interval
from attnaudit.data import documents_digest
from attnaudit.data.audit_file import FILE_NAME, read_audit_file, read_audited_documents
from attnaudit.models.factory import open_model
from attnaudit.models.preflight import preflight
from attnaudit.models.protocol import AttentionModel
from attnaudit.records import Document
from attnaudit.reproduction.measures import measures_of
from attnaudit.reproduction.values import ModelValues, read_values
from attnaudit.runs.stream import write_documents, write_values
from attnaudit.store.directory import RunDirectory, create_run_directory
from attnaudit.store.keys import digest_of
from attnaudit.store.parts import Parts

REVISION = 1
"""Raised whenever a number comes out differently."""
_CHECKED = 32


def measure_model(
    directory: Path,
    out: Path,
    *,
    seed: int,
    sample: int,
    device: str,
    say: Callable[[str], object],
) -> ModelValues:
    """Everything the sheet says of one model.

    What is in `out` already is read, not measured again; within a table, measuring goes on at its
    first missing part of 1000 documents.

    Args:
        directory: The model's.
        out: Where the tables are kept.
        seed: Seeds everything random.
        sample: Documents whose farthest attention is sought where that takes linear programmes
            for each: drawn by a hash of their ids, the same for every model of a seed.
        device: "cpu", "cuda" or "auto".
        say: Told what is being measured; nothing where all of it is there.

    Returns:
        The values of all documents that the model can use.

    Raises:
        ModelError: If the model cannot be loaded.
        PreflightError: If it cannot be measured as it stands.
    """
    documents = read_audited_documents(read_audit_file(directory / FILE_NAME), directory)
    model = open_model(str(directory), device=device, dtype=torch.float64)
    site = model.sites[0].name
    folder = create_run_directory(out)
    table = partial(_table, folder, model, digest=model.digest, seed=seed, say=say)
    first = model.prepare(documents[:_CHECKED])
    preflight(model, first, sites=[site])
    described = table(
        "documents",
        documents,
        write=partial(write_documents, name=directory.name, site=site, store_text=False),
    )
    [attended] = model.attend(first, sites=[site])
    solved = admits_exact(attended.readout) or admits_interval(attended.readout)
    values = {
        name: table(
            name,
            documents if solved or name != "exact" else _sampled(documents, sample, seed=seed),
            write=partial(write_values, measure=measure),
        )
        for name, measure in measures_of(model, site=site, seed=seed).items()
    }
    return read_values(described, values, classes=model.outputs.classes)


def _table(
    folder: RunDirectory,
    model: AttentionModel,
    name: str,
    documents: Sequence[Document],
    *,
    digest: str,
    seed: int,
    write: Callable[..., None],
    say: Callable[[str], object],
) -> Parts:
    key = digest_of(
        {
            "attnaudit": metadata.version("attnaudit"),
            "reproduction": REVISION,
            "table": name,
            "weights": digest,
            "documents": documents_digest(documents),
            "seed": seed,
            "device": model.device.type,
        }
    )
    parts = folder.documents(key) if name == "documents" else folder.measurement(key)
    with folder.lock(key):
        if parts.finished() is None:
            say(f"{name} of {len(documents)} documents")
            write(
                parts=parts,
                model=model,
                documents=documents,
                batch_size=None,
                advance=lambda _: None,
            )
            parts.finish({"table": name, "key": key})
    return parts


def _sampled(documents: Sequence[Document], number: int, *, seed: int) -> tuple[Document, ...]:
    def place(document: Document) -> bytes:
        return hashlib.sha256(f"{seed}\0reproduction\0{document.id}".encode()).digest()

    chosen = {document.id for document in sorted(documents, key=place)[:number]}
    return tuple(document for document in documents if document.id in chosen)
