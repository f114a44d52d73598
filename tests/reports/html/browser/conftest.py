"""Pages in a real browser. Without one these tests are skipped by name."""

import base64
import hashlib
import json
import os
import shutil
import subprocess
import tarfile

import pytest
from playwright.sync_api import sync_playwright

AXE = "axe-core@4.14.1"
AXE_SHA512 = (
    "FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ=="
)
SERIOUS = frozenset({"serious", "critical"})
DESK = {"width": 1280, "height": 900}


@pytest.fixture(scope="session")
def chromium():
    executable = shutil.which("chromium")
    if executable is None:
        pytest.skip("there is no chromium here; on Debian: apt-get install chromium")
    # The sandbox needs a user of its own; the superuser of a container has none.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=arguments)
        yield browser
        browser.close()


class Opened:
    """A page in a window of its own, with all that it asked for and complained of."""

    def __init__(self, context, path):
        self.page = context.new_page()
        self.requests, self.complaints = [], []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("dialog", self._dismiss)
        self.page.goto(path.as_uri())

    def _dismiss(self, dialog):
        self.complaints.append(f"a dialog: {dialog.message}")
        dialog.dismiss()

    def visible(self, selector):
        """The texts of all elements that can be seen."""
        found = self.page.locator(selector)
        return [one.inner_text() for one in found.all() if one.is_visible()]

    def overflow(self):
        """Pixels by which the page is wider than its window."""
        return self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )


@pytest.fixture
def opened(chromium, tmp_path):
    """Open the text of a page; options are those of a browser context."""
    contexts = []

    def show(text, **options):
        path = tmp_path / "report.html"
        path.write_text(text, encoding="utf-8")
        contexts.append(chromium.new_context(**({"viewport": DESK} | options)))
        return Opened(contexts[-1], path)

    yield show
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def axe(tmp_path_factory):
    """The source of the accessibility checker, of the one version whose digest is known."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("there is no npm here to fetch axe-core; on Debian: apt-get install npm")
    folder = tmp_path_factory.mktemp("axe")
    packed = subprocess.run(
        [npm, "pack", AXE, "--json", "--silent"],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if packed.returncode:
        pytest.skip(f"npm could not fetch {AXE}: {packed.stderr.strip()[-200:]}")
    archive = folder / json.loads(packed.stdout)[0]["filename"]
    digest = hashlib.sha512(archive.read_bytes()).digest()
    assert base64.b64encode(digest).decode() == AXE_SHA512
    with tarfile.open(archive) as members:
        return members.extractfile("package/axe.min.js").read().decode("utf-8")


@pytest.fixture
def serious_violations(axe):
    """What the checker calls serious or critical in an opened page: rule and place."""

    def check(shown):
        shown.page.evaluate(axe)
        found = shown.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [
            (one["id"], node["target"])
            for one in found["violations"]
            if one["impact"] in SERIOUS
            for node in one["nodes"]
        ]

    return check
