"""A repository that takes up a baseline and lives with it: python benchmarks/story.py --posts 3000.

Every step says what must be reported after it, by what was done and not by what a run says: which post is which is
known here, by whatever name it goes. A step that comes out otherwise ends the story.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from articles import markdown
from generate import articles
from measure import cpu_now, table
from vocabulary import number_word

from postlint.cli import run

BASELINE = ".postlint-baseline"
AS_OF = "2026-11-20"
DEBRIS = "[The notes](https://notes.example.com/?utm_source=chatgpt.com) were kept【3†source】 for a year.\n"
CLEAN = "[The notes](https://notes.example.com/) were kept for a year.\n"
OF_POSTS = ("DAT", "FMT", "IMG001", "LLM", "MET011", "REV")
"""Rules that look at single posts, whatever the others say."""
BY_NAMES = ("BP002", "BP003", "BP005", "ND003")
"""Rules that compare a text with a few of those that are as likely to be like it, which the names of files decide."""
CONFIGURATION = (
    f'baseline = "{BASELINE}"\ncorpus = ["content"]\nas-of = {AS_OF}\nignore = ["BP019", "DAT011", "MET020"]\n'
)

Known = Counter[tuple[str, str]]
"""Codes and fingerprints."""


class Step(NamedTuple):
    """What was done, and what came of it."""

    name: str
    reported: int
    held: int
    gone: int
    cpu: float


@dataclass(slots=True)
class Story:
    """The repository, and who is who in it. It stands in the working directory."""

    posts: int
    seed: int
    say: Callable[[str], object] = str
    """Told of every step that has come out as it must."""
    steps: list[Step] = field(default_factory=list)
    known: dict[str, Known] = field(default_factory=dict)
    """What the baseline holds of each post, by the name that it had in the beginning."""
    first_names: dict[str, str] = field(default_factory=dict)
    """The names that posts have now, to those of the beginning; of a post that was added, none."""

    def tell(self) -> None:
        """All of it. AssertionError where a step comes out otherwise than it must."""
        for step in (
            self.adopt, self.edit, self.spoil, self.rename, self.copy, self.replace, self.decide, self.fix, self.prune,
            self.upgrade,
        ):  # fmt: skip
            step()

    # The steps

    def adopt(self) -> None:
        """A corpus full of violations; citation debris in every third post."""
        Path("postlint.toml").write_text(CONFIGURATION, encoding="utf-8")
        for number, (article, _) in enumerate(articles("template", self.posts, self.seed)):
            path = Path("content", article.path)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(markdown(article) + (f"\n{DEBRIS}" if number % 3 == 0 else ""), encoding="utf-8")
            self.first_names[str(path)] = str(path)
        before = cpu_now()
        said("baseline", "create", "content", code=0)
        created = cpu_now() - before
        self._learn()
        self._ends("create", [], created)
        expect(len(self._debris()), self.posts // 3 + bool(self.posts % 3), "posts with debris")

    def edit(self) -> None:
        """Rows above and between what is known, in every fifth post."""
        for number, path in enumerate(self._paths(5)):
            text = path.read_text(encoding="utf-8").replace("---\n", f"---\neditor: Ada {number}\n", 1)
            head, _, body = text.partition("\n---\n")
            path.write_text(f"{head}\n---\n\nSeen by {number_word(number)}.\n{body}", encoding="utf-8")
        self._ends("edit", [])

    def spoil(self) -> None:
        """Something new in three posts: it is reported, and `update` does not take it in by itself."""
        paths = self._paths(len(self.first_names) // 3)[:3]
        for number, path in enumerate(paths):
            with path.open("a", encoding="utf-8") as file:
                file.write(f"\n![A map of {path.stem}](https://placehold.co/90{number}x400)\n")
        expected = [(str(path), "IMG001") for path in paths]
        self._ends("spoil", expected, only=("IMG001",))
        before = Path(BASELINE).read_bytes()
        said("baseline", "update", "content", code=1)
        expect(Path(BASELINE).read_bytes() == before, True, "a baseline that is left as it is")
        for path in paths:
            text = path.read_text(encoding="utf-8")
            path.write_text(text[: text.rindex("\n![A map")], encoding="utf-8")
        self._ends("take back", [])

    def rename(self) -> None:
        """Every fourth post gets another name; of these some another body, too."""
        for number, path in enumerate(self._paths(4)):
            target = path.with_name(f"moved-{number}-{path.name}")
            path.rename(target)
            self.first_names[str(target)] = self.first_names.pop(str(path))
            if number % 2:
                with target.open("a", encoding="utf-8") as file:
                    file.write(f"\nHeard by {number_word(number)}.\n")
        self._ends("rename", [], but=BY_NAMES)
        said("baseline", "update", "content", "--allow-new", code=0)
        self._learn()
        self._ends("rename, update", [])

    def copy(self) -> None:
        """A copy beside its original: all that stands in it is new."""
        original = self._flagged()[0]
        copy = original.with_name(f"again-{original.name}")
        copy.write_bytes(original.read_bytes())
        codes = [code for (code, _), count in self._known_at(original).items() for _ in range(count)]
        self._ends("copy", [(str(copy), code) for code in codes if code.startswith(OF_POSTS)], only=OF_POSTS)
        copy.unlink()
        self._ends("copy removed", [])

    def replace(self) -> None:
        """A post goes and another one comes, with the same flag."""
        path = self._flagged()[1]
        text = path.read_bytes()
        path.unlink()
        other = path.with_name("entirely-new.md")
        other.write_text("---\ntitle: Entirely new\nneeds_human_review: 1\n---\n\nA row or two.\n", encoding="utf-8")
        self._ends("replace", [(str(other), "REV001")], only=("REV001",))
        other.unlink()
        path.write_bytes(text)
        self._ends("put back", [])

    def decide(self) -> None:
        """Something new is waived by an editor, up to a day."""
        path = Path("content/part-000/entirely-new.md")
        path.write_text("---\ntitle: Entirely new\nneeds_human_review: 1\n---\n\nA row or two.\n", encoding="utf-8")
        (found,) = (violation for violation in violations() if violation["code"] == "REV001")
        decision = {key: found[key] for key in ("fingerprint", "code", "path")}
        decision |= {"decision": "waive", "reason": "under way", "author": "Ada", "until": "2026-12-01", "number": 0}
        Path("decisions.json").write_text(json.dumps({"schema_version": 1, "decisions": [decision]}), encoding="utf-8")
        said("baseline", "update", "content", "--decisions", "decisions.json", "--allow-new", code=0)
        self.first_names[str(path)] = str(path)
        self._learn()
        self._ends("waive", [])
        later = [violation["code"] for violation in violations("--as-of", "2026-12-02", "--select", "REV001")]
        expect(later, ["REV001"], "what is reported when the waiver has expired")

    def fix(self) -> None:
        """What is known is fixed only when that is asked for, and then is gone from the baseline."""
        bodies = {path: Path(path).read_bytes() for path in self.first_names}
        said("content", "--fix", "--quiet", code=0)
        expect({path: Path(path).read_bytes() for path in bodies} == bodies, True, "posts that are left as they are")
        debris = self._debris()
        before = cpu_now()
        said("content", "--no-baseline", "--select", "LLM004,LLM011", "--fix", "--quiet", code=0)
        fixed = cpu_now() - before
        for path, body in bodies.items():
            expect(Path(path).read_bytes(), body.replace(DEBRIS.encode(), CLEAN.encode()), f"{path} as it was fixed")
        for path in debris:
            for key in [key for key in self._known_at(path) if key[0] in ("LLM004", "LLM011")]:
                del self._known_at(path)[key]
        self._ends("fix", [], fixed, gone=2 * len(debris))

    def prune(self) -> None:
        """What is gone goes from the baseline, and nothing else."""
        rows = Path(BASELINE).read_text(encoding="utf-8").splitlines()
        said("baseline", "prune", "content", code=0)
        left = [row for row in rows if not row.startswith(("  LLM004", "  LLM011"))]
        known = [row for row in left if row.startswith("  ") and not row.startswith(("  text", "    "))]
        after = Path(BASELINE).read_text(encoding="utf-8").splitlines()
        fingerprints = Counter(row.split()[1] for row in known)
        expect(Counter(row.split()[1] for row in after if _is_entry(row)), fingerprints, "entries")
        self._ends("prune", [])

    def upgrade(self) -> None:
        """A rule that is new reports what it finds; one in other words does not; what a rule found that is no more, is
        gone."""
        text = Path(BASELINE).read_text(encoding="utf-8")
        Path(BASELINE).write_text(text.replace("is set: 1", "was set, as it was once put"), encoding="utf-8")
        self._ends("other words", [])
        Path(BASELINE).write_text(text.replace("  REV004 ", "  REV904 "), encoding="utf-8")
        count = text.count("\n  REV004 ")
        new = sorted(path for path, first in self.first_names.items() if self._has(first, "REV004"))
        self._ends("a rule by another code", [(path, "REV004") for path in new], gone=count)
        Path(BASELINE).write_text(text, encoding="utf-8")
        configuration = CONFIGURATION + 'extend-select = ["STY", "SEO", "MET027"]\n'
        Path("postlint.toml").write_text(configuration, encoding="utf-8")
        codes = {violation["code"] for violation in violations()}
        expect({code for code in codes if not code.startswith(("STY", "SEO", "MET027"))}, set(), "rules that are old")
        said("baseline", "update", "content", "--allow-new", code=0)
        expect(violations(), [], "what is reported when new rules were taken in")

    # What is so

    def _ends(
        self,
        name: str,
        expected: Sequence[tuple[str, str]],
        cpu: float = 0.0,
        *,
        only: Sequence[str] = (),
        but: Sequence[str] = (),
        gone: int | None = None,
    ) -> None:
        """Hold what a run reports against what it must.

        Where `only` names rules, of these; of the others, what was not in its post before. Nothing of those that `but`
        names.
        """
        before = cpu_now()
        output, errors = said("content", "--format", "json")
        cpu = cpu or cpu_now() - before
        report = json.loads(output)
        found = [(violation["path"], violation["code"]) for violation in report["violations"]]
        of_rules = [each for each in found if each[1] not in but and (not only or each[1].startswith(tuple(only)))]
        expect(Counter(of_rules), Counter(expected), name)
        if only:
            news = self._new(violations("--no-baseline"))
            expect(Counter(found) - news, Counter(), f"{name}: what is known and reported")
            left = [each for each in (news - Counter(found)).elements() if each[1] not in BY_NAMES]
            expect(left, [], f"{name}: what is new and not reported")
        stale = int(errors.split("note: ")[1].split()[0]) if " gone (" in errors else 0
        if gone is not None:
            expect(stale, gone, f"{name}: what is gone")
        self.say(f"{name}: {len(found)} reported, {cpu:.2f} CPU s\n")
        self.steps.append(Step(name, len(found), report["summary"]["baselined"], stale, cpu))

    def _new(self, found: Sequence[dict[str, Any]]) -> Counter[tuple[str, str]]:
        """Path and code of violations that were not in their post when it was last known."""
        left = {first: Counter(known) for first, known in self.known.items()}
        news: Counter[tuple[str, str]] = Counter()
        for violation in found:
            key = violation["code"], violation["fingerprint"]
            known = left.get(self.first_names.get(violation["path"], ""), Counter())
            if known[key]:
                known[key] -= 1
            else:
                news[violation["path"], violation["code"]] += 1
        return news

    def _learn(self) -> None:
        """From now on all that is there is known."""
        self.known = {}
        for violation in violations("--no-baseline"):
            known = self.known.setdefault(self.first_names[violation["path"]], Counter())
            known[violation["code"], violation["fingerprint"]] += 1

    def _known_at(self, path: Path) -> Known:
        return self.known[self.first_names[str(path)]]

    def _has(self, first: str, code: str) -> bool:
        return any(known == code for known, _ in self.known.get(first, ()))

    def _paths(self, step: int) -> list[Path]:
        return [Path(path) for path in sorted(self.first_names)[:: max(step, 1)]]

    def _flagged(self) -> list[Path]:
        """Posts with a flag of review."""
        return [Path(path) for path in sorted(self.first_names) if self._has(self.first_names[path], "REV001")]

    def _debris(self) -> list[Path]:
        return [Path(path) for path in sorted(self.first_names) if DEBRIS in Path(path).read_text(encoding="utf-8")]


def _is_entry(row: str) -> bool:
    return row.startswith("  ") and not row.startswith(("  text", "    "))


def expect(found: object, expected: object, what: str) -> None:
    """AssertionError, with what it is about, where something is not as it must be."""
    if found != expected:
        raise AssertionError(f"{what}: {str(found)[:2000]} instead of {str(expected)[:2000]}")


def said(*arguments: str, code: int | None = None) -> tuple[str, str]:
    """What a command line prints on stdout and stderr."""
    output, errors = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(errors):
        done = run(arguments)
    if code is not None:
        expect(done, code, f"exit code of {' '.join(arguments)}: {errors.getvalue()}")
    return output.getvalue(), errors.getvalue()


def violations(*arguments: str) -> list[dict[str, Any]]:
    """What a check reports."""
    found: list[dict[str, Any]] = json.loads(said("content", "--format", "json", *arguments)[0])["violations"]
    return found


@contextlib.contextmanager
def _folder() -> Iterator[None]:
    before = os.getcwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            yield
        finally:
            os.chdir(before)


def main() -> None:
    """Tell the story and print what each step cost."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--posts", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with _folder():
        # The streams of the commands are not those of this program.
        story = Story(arguments.posts, arguments.seed, sys.stderr.write)
        story.tell()
        size = os.stat(BASELINE).st_size
    rows = [[step.name, str(step.reported), str(step.held), str(step.gone), f"{step.cpu:.2f}"] for step in story.steps]
    print(table(["step", "reported", "in the baseline", "gone", "CPU s"], rows))
    print(f"\n{arguments.posts} posts; the baseline has {size / 1e6:.1f} MB in the end.")


if __name__ == "__main__":
    main()
