"""The real client asks a stand-in of the hub, over HTTP, for the pinned commit and no other."""

import hashlib
import json
import os
import re
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit

import pytest

from attnaudit.data import catalog, read_documents

NAME, COMMIT = "stanfordnlp/imdb", catalog.show("imdb").origin.repository.revision
OTHER = "1" * 40
ROWS = [{"text": "dull", "label": 0}, {"text": "great", "label": 1}]
FETCH = """
from dataclasses import replace
from attnaudit.data import catalog
from attnaudit.errors import DataError
entry = catalog.show("imdb")
repository = replace(entry.origin.repository, rows={"train": 2, "test": 2})
origin = replace(entry.origin, repository=repository, counts={"train": 2, "test": 2})
try:
    print(catalog.fetch(replace(entry, origin=origin)))
except DataError as error:
    print(error)
"""


def answer(path, folder):
    """Status and content, as much of the hub's interface as fetching one commit needs."""
    files, interface = f"/datasets/{NAME}/resolve/{COMMIT}/", f"/api/datasets/{NAME}/"
    if path.startswith(files):
        file = folder / path.removeprefix(files)
        return (200, file.read_bytes()) if file.is_file() else (404, b"")
    if path == f"{interface}revision/{COMMIT}":
        return 200, json.dumps({"id": NAME, "sha": COMMIT, "siblings": []}).encode()
    if path.startswith(f"{interface}tree/{COMMIT}"):
        below = folder / path.removeprefix(f"{interface}tree/{COMMIT}").strip("/")
        listed = [
            {
                "type": "directory" if item.is_dir() else "file",
                "path": str(item.relative_to(folder)),
                "oid": "0" * 40,
                "size": item.stat().st_size,
            }
            for item in sorted(below.iterdir())
        ]
        return 200, json.dumps(listed).encode()
    return 404, b""


@pytest.fixture
def hub(lay, tmp_path):
    """A stand-in of the hub with one repository: where it listens, what it was asked, its files."""
    laid = lay(NAME, {"train": ROWS, "test": ROWS[::-1]}, classes=("neg", "pos"))
    folder = laid.rename(tmp_path / "repository")
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self):
            path = urlsplit(self.path).path
            asked.append(path)
            # Another commit is there as well and has the same files.
            status, content = answer(path.replace(OTHER, COMMIT), folder)
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("X-Repo-Commit", OTHER if OTHER in path else COMMIT)
            self.send_header("ETag", f'"{hashlib.sha256(content).hexdigest()}"')
            if status == 404:
                self.send_header("X-Error-Code", "EntryNotFound")
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(content)

        do_GET = do_HEAD  # noqa: N815  # the name that http.server calls

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", asked, folder
        server.shutdown()
        thread.join()


@pytest.fixture
def fetch(hub, tmp_path):
    """Fetch the small IMDB in a process of its own, since the client reads its address once."""
    settings = {"HF_ENDPOINT": hub[0], "HF_HOME": str(tmp_path / "home")}
    settings |= {"HF_HUB_OFFLINE": "0"}

    def fetch():
        command = [sys.executable, "-c", FETCH]
        done = subprocess.run(
            command, env=os.environ | settings, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    return fetch


def test_the_pinned_commit_is_fetched_and_nothing_else_of_the_repository_asked_for(hub, fetch):
    path = fetch()
    assert [(one.text, one.label, one.split) for one in read_documents(path)] == [
        ("dull", "neg", "train"),
        ("great", "pos", "train"),
        ("great", "pos", "test"),
        ("dull", "neg", "test"),
    ]
    of_the_repository = [path for path in hub[1] if NAME in path]
    assert len([path for path in of_the_repository if path.endswith(".parquet")]) >= 2
    commits = {
        re.search(r"/(?:resolve|revision|tree)/(\w+)", path)[1] for path in of_the_repository
    }
    assert commits == {COMMIT}


def test_a_fetch_that_fails_halfway_keeps_nothing(hub, fetch, cache):
    (hub[2] / "plain_text" / "test-00000-of-00001.parquet").write_bytes(b"PAR1 and no more")
    said = fetch()
    assert f"{NAME} at commit {COMMIT} could not be read. The library datasets said: " in said
    assert list(cache.rglob("documents.*")) in ([], [*cache.rglob("documents.lock")])


def test_a_card_that_names_files_of_another_commit_is_refused(hub, fetch, cache):
    other = f"hf://datasets/{NAME}@{OTHER}/plain_text"
    (hub[2] / "README.md").write_text(
        f"---\nconfigs: [{{config_name: plain_text, data_files: {other}/*.parquet}}]\n---\n"
    )
    said = fetch()
    assert f"{NAME} at commit {COMMIT} names {other}/test-00000-of-00001.parquet" in said
    assert list(cache.rglob("documents.*")) in ([], [*cache.rglob("documents.lock")])
