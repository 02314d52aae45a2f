"""How long the review report of a large corpus takes in Chromium: python benchmarks/review_page.py."""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

import measure
from generate import write

sys.path.append(str(Path(__file__).parents[1] / "tests"))
from browser import Browser

SELECT = "BP004,IMG001,MET011,MET020,REV"
"""Rules that find some seven violations in each post of the corpus."""
STEPS = {
    "search": ("search.value = 'review part-003'; search.dispatchEvent(new Event('input'))", "'#list .item'"),
    "filter by severity": (
        "search.value = ''; severity.value = 'error'; severity.dispatchEvent(new Event('change'))",
        "'#list .item'",
    ),
    "a post": ("fill(byId('detail')); location.hash = postLink(model.posts.at(-1).path)", "'#detail .row'"),
}
"""What an editor does after the list has been opened, and what is there when it is done."""


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=10_000)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--select", default=SELECT)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        corpus, page = Path(folder, "corpus"), Path(folder, "review.html")
        write("template", arguments.posts, 1, corpus)
        command = ["report", str(corpus), "--isolated", "--no-cache", "--as-of", "2026-11-20", "-o", str(page)]
        made = measure.run([sys.executable, "-m", "postlint", *command, "--select", arguments.select])
        browser = Browser(Path(folder))
        try:
            times, about = opened(browser, page, arguments.repeat)
        finally:
            browser.close()
        size = page.stat().st_size / 1e6
    print(f"{about}; {size:.1f} MB, made in {made.cpu:.0f} s of CPU; medians of {arguments.repeat}\n")
    rows = [[name, f"{1000 * statistics.median(found):.0f}"] for name, found in times.items()]
    print(measure.table(["step", "wall ms"], rows))


def opened(browser: Browser, page: Path, repeat: int) -> tuple[dict[str, list[float]], str]:
    """Wall seconds of each step, and what the page says it holds."""
    times: dict[str, list[float]] = {}
    for _ in range(repeat):
        start = time.perf_counter()
        browser.open(page.as_uri())
        browser.until("document.querySelector('#overview .actions')")
        times.setdefault("open", []).append(time.perf_counter() - start)
        browser.run("location.hash = 'all'")
        browser.until("document.querySelector('#list .item')")
        for name, (script, shown) in STEPS.items():
            start = time.perf_counter()
            browser.run(script)
            browser.until(f"document.querySelector({shown})")
            times.setdefault(name, []).append(time.perf_counter() - start)
    return times, str(browser.run("about.textContent"))


if __name__ == "__main__":
    main()
