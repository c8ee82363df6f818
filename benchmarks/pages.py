"""The page: how large it is, how long it takes to write, and how soon Chromium shows it, with the goals for each.

python -m benchmarks.pages      the shipped glossary, 1,000 and 10,000 terms: two minutes
"""

import gzip
import shutil
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import glossaries
from cs_terms import Glossary

ROUNDS = 5
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
GOALS: dict[int, dict[str, float]] = {
    0: {"KB": 700, "KB gzipped": 100, "s to write": 0.5},
    1_000: {"s to open": 1.5},
    10_000: {"s to open": 2.5},
}
"""What has to hold, by the number of terms; 0 is the shipped glossary."""


def main() -> None:
    """Measures the three glossaries and prints a line for each figure."""
    with tempfile.TemporaryDirectory() as scratch:
        for terms, goals in GOALS.items():
            print(f"\n{terms:,} terms" if terms else "the shipped glossary")
            for what, figure in _measure(Path(scratch), terms).items():
                goal = goals.get(what)
                verdict = "" if goal is None else f"   goal {goal:g}  {'met' if figure <= goal else 'MISSED'}"
                print(f"{figure:10.2f} {what:12}{verdict}", flush=True)


def _measure(scratch: Path, terms: int) -> dict[str, float]:
    folder = scratch / str(terms)
    if terms:
        glossaries.write(folder, terms)
    with Glossary(*([folder] if terms else []), builtin=not terms) as glossary:
        list(glossary.terms)  # compiling the definitions is another benchmark's
        start = time.perf_counter()
        html = str(glossary.page(*([] if terms else ["success", "support"]))).encode()
        written = time.perf_counter() - start
    file = scratch / f"{terms}.html"
    file.write_bytes(html)
    figures = {"KB": len(html) / 1000, "KB gzipped": len(gzip.compress(html)) / 1000, "s to write": written}
    chromium = shutil.which("chromium")
    return figures | (_open(file, chromium) if chromium else {})


def _open(file: Path, chromium: str) -> dict[str, float]:
    """Seconds from the start until the page is painted, and until its script has run: medians, a browser each time."""
    from playwright.sync_api import sync_playwright

    painted, loaded = [], []
    with sync_playwright() as driver:
        for _ in range(ROUNDS):
            browser = driver.chromium.launch(executable_path=chromium, args=FLAGS)
            page = browser.new_page()
            page.goto(file.as_uri())
            times: Any = page.evaluate(
                "() => [performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0,"
                " performance.getEntriesByType('navigation')[0].loadEventEnd]"
            )
            painted.append(times[0] / 1000)
            loaded.append(times[1] / 1000)
            browser.close()
    return {"s to paint": median(painted), "s to open": median(loaded)}


if __name__ == "__main__":
    main()
