"""From documents to a model directory."""

import platform
from dataclasses import asdict, replace
from importlib import metadata
from pathlib import Path
from typing import cast

from pydantic import ValidationError

from attnaudit.data import catalog
from attnaudit.data.audit_file import FILE_NAME as AUDIT_FILE
from attnaudit.data.audit_file import AuditFile, write_audit_file
from attnaudit.data.digest import documents_digest
from attnaudit.data.read import read_documents
from attnaudit.data.tokenization import Tokenizer
from attnaudit.data.trained import TRAINED_FILE, trained_hashes
from attnaudit.data.vocabulary import Vocabulary
from attnaudit.data.write import write_documents
from attnaudit.errors import MissingExtraError, UsageError
from attnaudit.files import write_whole
from attnaudit.models.classifier import AttentionClassifier
from attnaudit.models.configuration import Configuration, PairConfiguration
from attnaudit.models.devices import resolve_device
from attnaudit.models.directory import save_model
from attnaudit.models.pairs.classifier import PairClassifier
from attnaudit.models.pairs.model import PairModel
from attnaudit.models.paper import PaperModel
from attnaudit.training.batches import class_numbers, class_shares
from attnaudit.training.corpus import Corpus, build_corpus
from attnaudit.training.options import TrainingOptions
from attnaudit.training.output import Identity, finished_report, working_directory
from attnaudit.training.prediction import predict
from attnaudit.training.recipe import Network, class_weights, initial_network
from attnaudit.training.report import FILE_NAME as REPORT_FILE
from attnaudit.training.report import TrainingReport
from attnaudit.training.vectors import file_digest, place_vectors

try:
    from attnaudit.training.loop import Fitted, Schedule, fit
    from attnaudit.training.scores import score
except ModuleNotFoundError as error:
    raise MissingExtraError(
        f"training needs {error.name}, which is not installed. Run: pip install 'attnaudit[train]'"
    ) from error

DOCUMENTS_FILE = "documents.jsonl"


def train(options: TrainingOptions, out: Path) -> TrainingReport:
    """Train a classifier of the paper and write its model directory.

    Documents with a second text, a question or a hypothesis, make a model of two texts.

    An interrupted training that is started again with the same options goes on from its last
    finished epoch and ends in the same weights; a finished one is not trained again.

    Args:
        options: What to train, on what.
        out: The directory, empty or missing. At the end it holds config.json, model.safetensors,
            vocabulary.json, training.json and audit.toml, and for documents that are not the
            catalog's own also documents.jsonl, the test split.

    Returns:
        The report that is also in training.json.

    Raises:
        UsageError: If an option does not fit the data or the machine, or `out` holds another
            training.
        DataError: If the documents cannot be trained on.
        MissingExtraError: If the extra "train" is not installed.
    """
    device = resolve_device(options.device)
    tokenizer = _tokenizer(options)
    options = replace(options, device=device.type, tokenizer=tokenizer)
    corpus = _corpus(options, tokenizer)
    configuration = _configuration(options, corpus, tokenizer)
    identity = _identity(options, corpus)
    report = finished_report(out, identity)
    if report is not None:
        return report
    network = initial_network(
        configuration, seed=options.seed, embedding_scale=options.embedding_scale
    )
    if options.embeddings is not None:
        place_vectors(network, corpus.vocabulary, Path(options.embeddings))
    with working_directory(out, identity) as working:
        fitted = fit(
            network,
            _schedule(options, corpus, configuration),
            device=device,
            directory=working,
        )
        network.load_state_dict(fitted.weights)
        model = _model(network, configuration, corpus.vocabulary)
        report = _report(model, corpus, fitted, identity)
        _publish(model, report, corpus, options, out)
    return report


def _tokenizer(options: TrainingOptions) -> Tokenizer:
    if options.tokenizer is not None:
        return options.tokenizer
    return catalog.show(options.data).tokenizer if options.data in catalog.names() else "spacy"


def _corpus(options: TrainingOptions, tokenizer: Tokenizer) -> Corpus:
    return build_corpus(
        read_documents(options.data, columns=options.columns),
        tokenizer=tokenizer,
        min_tokens=options.min_tokens,
        max_tokens=options.max_tokens,
        min_document_frequency=options.min_document_frequency,
        candidates=options.candidates,
    )


def _configuration(options: TrainingOptions, corpus: Corpus, tokenizer: Tokenizer) -> Configuration:
    shared = {
        "encoder": options.encoder,
        "attention": options.attention,
        "embedding_size": options.embedding_size,
        "hidden_size": options.hidden_size,
        "classes": corpus.classes,
        "tokenizer": tokenizer,
        "vocabulary_size": len(corpus.vocabulary),
    }
    try:
        if corpus.candidates is not None:
            return PairConfiguration.model_validate(shared | {"candidates": corpus.candidates})
        kind = "binary" if len(corpus.classes) == 2 else "softmax"
        return Configuration.model_validate(shared | {"kind": kind})
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        name = ".".join(map(str, problem["loc"])).replace("_", "-")
        raise UsageError(
            f"there is no such model: {name}{': ' if name else ''}{problem['msg']}. Change the "
            "option or the labels."
        ) from error


def _schedule(options: TrainingOptions, corpus: Corpus, configuration: Configuration) -> Schedule:
    train = corpus.examples["train"]
    shares = class_shares(train, classes=len(corpus.classes))
    pairs = isinstance(configuration, PairConfiguration)
    return Schedule(
        train=train,
        dev=corpus.examples["dev"],
        class_weights=None if pairs else class_weights(shares, kind=configuration.kind),
        epochs=options.epochs,
        batch_size=options.batch_size,
        seed=options.seed,
    )


def _model(
    network: Network, configuration: Configuration, vocabulary: Vocabulary
) -> PaperModel | PairModel:
    network.cpu().eval().requires_grad_(False)
    # `initial_network` has made it of this configuration.
    if isinstance(configuration, PairConfiguration):
        return PairModel(cast("PairClassifier", network), configuration, vocabulary)
    return PaperModel(cast("AttentionClassifier", network), configuration, vocabulary)


def _identity(options: TrainingOptions, corpus: Corpus) -> Identity:
    digests = {split: documents_digest(found) for split, found in corpus.documents.items()}
    if options.embeddings is not None:
        digests["embeddings"] = file_digest(Path(options.embeddings))
    return Identity(options=asdict(options), digests=digests)


def _report(
    model: PaperModel | PairModel, corpus: Corpus, fitted: Fitted, identity: Identity
) -> TrainingReport:
    scores = {
        split: score(
            predict(model.network, corpus.examples[split]), class_numbers(corpus.examples[split])
        )
        for split in ("test", "dev")
    }
    return TrainingReport(
        test=scores["test"],
        dev=scores["dev"],
        epoch=fitted.epoch,
        seconds=round(fitted.seconds, 3),
        documents={split: len(found) for split, found in corpus.documents.items()},
        left_out=corpus.left_out,
        versions={
            "python": platform.python_version(),
            **{name: metadata.version(name) for name in ("attnaudit", "torch", "lightning")},
        },
        options=identity.options,
        digests=identity.digests,
    )


def _publish(
    model: PaperModel | PairModel,
    report: TrainingReport,
    corpus: Corpus,
    options: TrainingOptions,
    out: Path,
) -> None:
    test = corpus.documents["test"]
    digest = documents_digest(test)
    if options.data in catalog.names() and not corpus.left_out["test"]:
        audit_file = AuditFile(data=options.data, split="test", digest=digest)
    else:
        write_documents(out / DOCUMENTS_FILE, test)
        audit_file = AuditFile(documents=DOCUMENTS_FILE, split="test", digest=digest)
    write_audit_file(out / AUDIT_FILE, audit_file)
    write_whole(out / TRAINED_FILE, trained_hashes(corpus.documents["train"]))
    write_whole(out / REPORT_FILE, report.to_json().encode())
    # Last, since a directory with a configuration counts as complete.
    save_model(model, out)
