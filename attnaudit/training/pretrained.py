"""A pretrained transformer fine-tuned to a classifier, and its model directory."""

import os
import platform
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from importlib import metadata
from pathlib import Path

from attnaudit.data.audit_file import FILE_NAME as AUDIT_FILE
from attnaudit.data.audit_file import AuditFile, write_audit_file
from attnaudit.data.digest import documents_digest
from attnaudit.data.read import read_documents
from attnaudit.data.trained import TRAINED_FILE, trained_hashes
from attnaudit.data.write import write_documents
from attnaudit.errors import MissingExtraError, UsageError
from attnaudit.files import write_whole
from attnaudit.models.configuration import CONFIGURATION_FILE
from attnaudit.models.devices import resolve_device
from attnaudit.training.batches import class_numbers
from attnaudit.training.corpus import Corpus, build_corpus
from attnaudit.training.output import Identity, finished_report, working_directory
from attnaudit.training.report import FILE_NAME as REPORT_FILE
from attnaudit.training.report import TrainingReport

try:
    from attnaudit.models.transformers.network import Network
    from attnaudit.training.fine_tuning import FineTuned, FineTuning, fine_tuned, predicted
    from attnaudit.training.pieces import PieceExample, piece_examples
    from attnaudit.training.pretrained_digest import pretrained_digest
    from attnaudit.training.pretrained_network import open_pretrained, save_pretrained
    from attnaudit.training.scores import score
except ModuleNotFoundError as error:
    raise MissingExtraError(
        f"fine-tuning needs {error.name}, which is not installed. Run: pip install "
        "'attnaudit[train,transformers]'"
    ) from error

DOCUMENTS_FILE = "documents.jsonl"
_SAVED = "saved"
_NO_LIMIT = 10**6


@dataclass(frozen=True, kw_only=True, slots=True)
class PretrainedOptions:
    """Everything that decides which weights come out of a fine-tuning.

    Attributes:
        data: A catalog name, a path or "reader:path"; documents of one text or of two.
        pretrained: A directory of the transformers library, with a tokeniser.
        columns: Field to column of `data`, where they differ.
        seed: Seeds the new head, dropout and the order of the batches.
        epochs: Passes over the train split. The best of them on dev is kept.
        batch_size: Documents per step.
        longest: Sub-tokens of the longest input, special ones included, at most what network and
            tokeniser take; longer documents are cut, here and in audits.
        device: "cpu", "cuda" or "auto".

    Raises:
        UsageError: If a number is out of range.
    """

    data: str
    pretrained: str
    columns: Mapping[str, str] = field(default_factory=dict)
    seed: int = 0
    epochs: int = 3
    batch_size: int = 32
    longest: int = 512
    device: str = "auto"

    def __post_init__(self) -> None:
        for name in ("epochs", "batch_size", "longest"):
            if getattr(self, name) < 1:
                raise UsageError(
                    f"--{name.replace('_', '-')} must be at least 1; found {getattr(self, name)}."
                )


def fine_tune(options: PretrainedOptions, out: Path) -> TrainingReport:
    """Fine-tune a pretrained network on labelled documents and write its model directory.

    A finished training of the same options is not done again; an interrupted one begins anew.

    Args:
        options: What to train, on what.
        out: The directory, empty or missing. At the end it holds what `save_pretrained` of network
            and tokeniser write, training.json, audit.toml, documents.jsonl, the test split, and
            training-documents.bin, hashes of the train split.

    Returns:
        The report that is also in training.json.

    Raises:
        UsageError: If an option does not fit the machine, there is no such network, it cannot be
            begun with, or `out` holds another training.
        KeyboardInterrupt: As it comes.
        PreflightError: If the network fails at the longest input that it is said to take.
        DataError: If the documents cannot be trained on.
        MissingExtraError: If the extra "train" or "transformers" is not installed.
    """
    options = replace(options, device=resolve_device(options.device).type)
    corpus = _corpus(options)
    digests = {split: documents_digest(found) for split, found in corpus.documents.items()}
    # First, so that a name that was mistyped leaves no begun training behind.
    digests["pretrained"] = pretrained_digest(Path(options.pretrained))
    identity = Identity(options=asdict(options), digests=digests)
    report = finished_report(out, identity)
    if report is not None:
        return report
    network, tokenizer = open_pretrained(
        Path(options.pretrained),
        classes=corpus.classes,
        texts=1 if corpus.documents["train"][0].text2 is None else 2,
        seed=options.seed,
        longest=options.longest,
    )
    with working_directory(out, identity) as working:
        examples = {
            split: piece_examples(found, tokenizer, corpus.classes)
            for split, found in corpus.documents.items()
        }
        found = fine_tuned(
            network,
            FineTuning(
                train=examples["train"],
                dev=examples["dev"],
                epochs=options.epochs,
                batch_size=options.batch_size,
                seed=options.seed,
                device=options.device,
            ),
        )
        report = _report(network, corpus, examples, found, identity)
        save_pretrained(network, tokenizer, working / _SAVED)
        _publish(report, corpus, working / _SAVED, out)
    return report


def _corpus(options: PretrainedOptions) -> Corpus:
    return build_corpus(
        read_documents(options.data, columns=options.columns),
        tokenizer="whitespace",
        min_tokens=1,
        max_tokens=_NO_LIMIT,
        min_document_frequency=1,
    )


def _report(
    network: Network,
    corpus: Corpus,
    examples: Mapping[str, list[PieceExample]],
    found: FineTuned,
    identity: Identity,
) -> TrainingReport:
    scores = {
        split: score(predicted(network, examples[split]), class_numbers(examples[split]))
        for split in ("test", "dev")
    }
    names = ("attnaudit", "torch", "lightning", "transformers")
    return TrainingReport(
        test=scores["test"],
        dev=scores["dev"],
        epoch=found.epoch,
        seconds=round(found.seconds, 3),
        documents={split: len(some) for split, some in corpus.documents.items()},
        left_out=corpus.left_out,
        versions={
            "python": platform.python_version(),
            **{name: metadata.version(name) for name in names},
        },
        options=identity.options,
        digests=identity.digests,
    )


def _publish(report: TrainingReport, corpus: Corpus, saved: Path, out: Path) -> None:
    test = corpus.documents["test"]
    write_documents(out / DOCUMENTS_FILE, test)
    audit_file = AuditFile(documents=DOCUMENTS_FILE, split="test", digest=documents_digest(test))
    write_audit_file(out / AUDIT_FILE, audit_file)
    write_whole(out / TRAINED_FILE, trained_hashes(corpus.documents["train"]))
    last = shutil.ignore_patterns(CONFIGURATION_FILE)
    shutil.copytree(saved, out, ignore=last, copy_function=os.replace, dirs_exist_ok=True)
    write_whole(out / REPORT_FILE, report.to_json().encode())
    # Last, since a directory with a configuration counts as complete.
    (saved / CONFIGURATION_FILE).replace(out / CONFIGURATION_FILE)
