"""A real browser for the page: Debian's chromium, driven by playwright; what the page says and asks for is recorded."""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
NODE_MODULES = Path(__file__).parent / "node_modules"


def needs_browser() -> Any:
    """playwright's entry point. Skips where it or the browser is not there, unless $CSTERMS_NEED_BROWSER demands them."""
    if "CSTERMS_NEED_BROWSER" in os.environ:
        import playwright.sync_api as playwright

        assert CHROMIUM, "no chromium on the PATH"
        return playwright
    playwright = pytest.importorskip("playwright.sync_api", reason="the page is tested with pip install '.[test-page]'")
    if not CHROMIUM:
        pytest.skip("the page is tested in chromium, which is not on the PATH")
    return playwright


class Browser:
    """One browser for all tests; each page of it has a context of its own."""

    def __init__(self, running: Any) -> None:
        self.running = running

    @contextmanager
    def open(
        self, path: Path, address: str = "", *, width: int = 1280, wait: bool = True, **settings: Any
    ) -> Iterator[Any]:
        """A page with a file in it. What it logs, asks for or opens fails the test."""
        viewport = {"width": width, "height": 900}
        context = self.running.new_context(viewport=viewport, reduced_motion="reduce", **settings)
        page = context.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: said.append(f"error: {error}"))
        page.on("dialog", lambda dialog: (said.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on(
            "request",
            lambda request: (
                said.append(f"request: {request.url[:99]}") if request.url[:5] not in ("file:", "data:") else None
            ),
        )
        page.said = said
        try:
            page.goto(path.as_uri() + address)
            if wait:
                page.evaluate(SETTLED)
            yield page
            assert page.said == []
        finally:
            context.close()

    def go(self, page: Any, address: str) -> None:
        """Follows an address within the page."""
        page.evaluate(f"(address) => {{ location.hash = address; return ({SETTLED})(); }}", address)


SETTLED = "() => new Promise((done) => setTimeout(() => setTimeout(done, 0), 0))"


@contextmanager
def launch() -> Iterator[Browser]:
    playwright = needs_browser()
    with playwright.sync_playwright() as driver:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        running = driver.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield Browser(running)
        running.close()


def judge(page: Any) -> list[str]:
    """The violations that axe-core finds in what is shown."""
    source = NODE_MODULES / "axe-core" / "axe.min.js"
    if not source.exists():
        pytest.skip("accessibility is judged by axe-core: npm install --prefix tests")
    page.evaluate(source.read_text())
    found = page.evaluate(
        "() => axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})"
    )
    return [
        f"{rule['id']}: {json.dumps(node['html'])[:160]} {node['failureSummary'][:300]}"
        for rule in found["violations"]
        for node in rule["nodes"][:3]
    ]
