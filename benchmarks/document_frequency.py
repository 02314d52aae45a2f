"""Document frequency of paragraphs and sentences, three ways: python benchmarks/document_frequency.py --posts 20000.

"texts" goes from texts in memory to counts; postlint makes all its facts on the way, shingles and sketches too. "keys"
is the counting alone, from columns of 64-bit keys and post numbers; postlint finds a witness for each repeat as well.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from resource import RUSAGE_SELF, getrusage

import oracle
import scoring
from counters import COUNTERS, segments
from measure import Cost, cpu_now, median, peak_memory, table


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kind", choices=("natural", "dense", "template"), default="template")
    parser.add_argument("--posts", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--work", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.work:
        _work(*arguments.work.split(","))
        return
    costs: dict[str, list[Cost]] = {name: [] for name in COUNTERS}
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder, "corpus.jsonl")
        make = [sys.executable, scoring.__file__, arguments.kind, str(arguments.posts), str(arguments.seed)]
        subprocess.run([*make, str(corpus)], check=True)
        for _ in range(arguments.repeat):
            for name, found in costs.items():
                work = f"{name},{corpus}"
                done = subprocess.run([sys.executable, __file__, "--work", work], check=True, stdout=subprocess.PIPE)
                found.append(Cost(*json.loads(done.stdout)))
    medians = {name: median(found) for name, found in costs.items()}
    rows = []
    for name, cost in medians.items():
        reference = medians[name.partition(":")[0] + ": postlint"].cpu
        rows.append([name, f"{cost.cpu:.3f}", f"{cost.cpu / reference:.2f}", f"{cost.wall:.3f}", f"{cost.memory:.0f}"])
    print(f"{arguments.posts} {arguments.kind} posts, medians of {arguments.repeat}; all counts are the oracle's\n")
    print(table(["work: tool", "CPU s", "CPU / postlint", "wall s", "peak RSS MB"], rows))


def _work(name: str, corpus: str) -> None:
    """Run one counter in this process, hold its counts against the oracle's, print its cost as JSON."""
    texts = scoring.read_texts(Path(corpus))
    counter = COUNTERS[name]
    counter.finish(texts[:1], counter.count(counter.prepare(texts[:1])))  # Imports are not measured.
    given = counter.prepare(texts)
    cpu, wall = cpu_now(), time.perf_counter()
    found = counter.count(given)
    cost = Cost(cpu_now() - cpu, time.perf_counter() - wall, peak_memory(getrusage(RUSAGE_SELF)))
    expected = [oracle.document_frequency(segments(text)[kind] for text in texts) for kind in (0, 1)]
    for kind, ours, theirs in zip(("paragraphs", "sentences"), counter.finish(texts, found), expected, strict=True):
        if ours != theirs:
            wrong = [text for text in ours.keys() | theirs.keys() if ours.get(text) != theirs.get(text)]
            raise RuntimeError(f"{name}: {len(wrong)} {kind} are counted otherwise by the oracle: {wrong[0]!r}")
    print(json.dumps(cost))


if __name__ == "__main__":
    main()
