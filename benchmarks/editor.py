"""Edits in an editor against the index of a large corpus: python benchmarks/editor.py --folder POSTS --edits 100."""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path

from measure import table

from postlint.commands.editor.answers import diagnostics
from postlint.commands.editor.workspace import Documents


@dataclass(frozen=True, slots=True)
class Edit:
    """What became of an edit."""

    seconds: float
    """Of CPU, from the text to the diagnostics."""
    found: int


def main() -> None:
    """Make the index if there is none, type into posts of the corpus, and print what an answer takes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="Posts, as generate.py makes them.")
    parser.add_argument("--edits", type=int, default=100)
    parser.add_argument("--posts", type=int, default=10, help="So many posts are edited, one after the other.")
    arguments = parser.parse_args()
    folder = arguments.folder.resolve()
    files = sorted(folder.rglob("*.md"))
    documents = Documents(lambda message: print(message, file=sys.stderr), [str(folder)])
    session = documents.session(str(files[0]))
    with chdir(folder):
        started = os.times()
        subprocess.run([sys.executable, "-m", "postlint", *session.index_command()], check=True)
        ended = os.times()
    making = sum(ended[2:4]) - sum(started[2:4])
    step = len(files) // arguments.posts
    opened, edits = [], []
    for number in range(arguments.posts):
        file = files[number * step]
        text = file.read_text(encoding="utf-8")
        opened.append(_answered(documents, file, text, 0))
        for version in range(1, arguments.edits // arguments.posts + 1):
            text = _typed(text, version)
            edits.append(_answered(documents, file, text, version))
        documents.open.clear()
        # As after saving: the first answer looks at the whole corpus again.
        documents.forget_state()
    rows = [
        ["posts", f"{len(files):,}"],
        ["making the index, CPU s", f"{making:.1f}"],
        ["first answer of a post, median CPU ms", _milliseconds(statistics.median(edit.seconds for edit in opened))],
        ["answer to an edit, median CPU ms", _milliseconds(statistics.median(edit.seconds for edit in edits))],
        ["answer to an edit, worst CPU ms", _milliseconds(max(edit.seconds for edit in edits))],
        ["violations shown, in all", str(sum(edit.found for edit in edits))],
    ]
    print(table(["what", "figure"], rows))


def _answered(documents: Documents, file: Path, text: str, version: int) -> Edit:
    started = time.process_time()
    document = documents.put(file.as_uri(), str(file), text, version)
    assert document is not None
    session = documents.judge(document)
    assert session is not None
    assert document.judgement is not None
    assert not document.judgement.needs_index
    shown = diagnostics(document, documents, "utf-16", lambda _: session.folder)
    return Edit(time.process_time() - started, len(shown))


def _milliseconds(seconds: float) -> str:
    return f"{1000 * seconds:.0f}"


def _typed(text: str, version: int) -> str:
    """A text with a sentence typed into one of its paragraphs, another one each time."""
    paragraphs = text.split("\n\n")
    place = 1 + version % (len(paragraphs) - 1)
    paragraphs[place] += f" And so it was said for the {version}th time."
    return "\n\n".join(paragraphs)


if __name__ == "__main__":
    main()
