"""Near-duplicates side by side, in one run: python benchmarks/near_duplicates.py --kind natural --posts 20000."""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import scoring
from finders import FINDERS
from measure import Cost, median, table


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kind", choices=("natural", "dense", "template"), default="natural")
    parser.add_argument("--posts", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--timeout", type=float, default=240, help="seconds after which a finder is given up")
    parser.add_argument("--sample", type=int, default=200, help="posts judged by the oracle (dense, template)")
    parser.add_argument("--tools", default=",".join(FINDERS), help="finders to run, with commas between them")
    parser.add_argument("--work", type=_work, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.work:
        return
    with tempfile.TemporaryDirectory() as folder:
        # The corpus is made in a process of its own: the memory it takes must not show in what is started from here.
        corpus = Path(folder, "corpus.jsonl")
        made = [
            sys.executable,
            scoring.__file__,
            arguments.kind,
            str(arguments.posts),
            str(arguments.seed),
            str(corpus),
        ]
        subprocess.run(made, check=True)
        names = arguments.tools.split(",")
        costs: dict[str, list[Cost]] = {name: [] for name in names}
        # One round after the other, so that a busy spell of the machine falls on all.
        for _ in range(arguments.repeat):
            for name in names:
                cost = _run(name, corpus, Path(folder, f"{name}.json"), arguments.timeout)
                if cost is not None:
                    costs[name].append(cost)
        texts = min(float(path.read_text().splitlines()[2]) for path in Path(folder).glob("*.json"))
        judged = scoring.judge(corpus, {name: Path(folder, f"{name}.json") for name in names if costs[name]}, arguments)
    print(f"{arguments.posts} {arguments.kind} posts, seed {arguments.seed}, medians of {arguments.repeat}\n")
    print(_report(names, costs, judged, arguments.timeout))
    print(f"\nThe texts alone, with the interpreter: {texts:.0f} MB.")


def _run(name: str, corpus: Path, result: Path, timeout: float) -> Cost | None:
    command = [sys.executable, __file__, "--work", f"{name},{corpus},{result}"]
    try:
        subprocess.run(command, check=True, timeout=timeout)
    except subprocess.TimeoutExpired:
        return None
    with result.open() as file:
        return Cost(*json.loads(file.readline()))


def _work(argument: str) -> bool:
    """Run one finder in this process; its cost, what it found and the memory before go to a file, a line each."""
    from resource import RUSAGE_SELF, getrusage

    from measure import cpu_now, peak_memory

    name, corpus, result = argument.split(",")
    find, finish = FINDERS[name]()
    texts = scoring.read_texts(Path(corpus))
    before = peak_memory(getrusage(RUSAGE_SELF))
    cpu, wall = cpu_now(), time.perf_counter()
    found = find(texts)
    cost = Cost(cpu_now() - cpu, time.perf_counter() - wall, peak_memory(getrusage(RUSAGE_SELF)))
    Path(result).write_text(f"{json.dumps(cost)}\n{json.dumps(finish(found))}\n{before}\n")
    return True


def _report(
    names: Sequence[str], costs: dict[str, list[Cost]], judged: dict[str, dict[str, float]], timeout: float
) -> str:
    columns = list(next(iter(judged.values()))) if judged else []
    reference = median(costs[names[0]]).cpu if costs[names[0]] else None
    rows = []
    for name in names:
        if not costs[name]:
            rows.append([name, f"not finished in {timeout:.0f} s", "", "", "", *("" for _ in columns)])
            continue
        cost = median(costs[name])
        ratio = f"{cost.cpu / reference:.1f}" if reference else ""
        scores = [_score(judged[name][column]) for column in columns]
        rows.append([name, f"{cost.cpu:.2f}", ratio, f"{cost.wall:.2f}", f"{cost.memory:.0f}", *scores])
    return table(["tool", "CPU s", f"CPU / {names[0]}", "wall s", "peak RSS MB", *columns], rows)


def _score(value: float) -> str:
    if math.isnan(value):
        return ""
    return f"{value:.0f}" if value > 1 else f"{value:.4f}"


if __name__ == "__main__":
    main()
