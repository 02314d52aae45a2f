"""The reports of the small site under fixtures/, in every format: `python tests/golden.py` writes them anew.

What it changes has to be read before it is committed: the tests only hold the formats to what stands there.
"""

from __future__ import annotations

import base64
import contextlib
import gzip
import io
import json
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from postlint.cli import run
from postlint.reporters import FORMATS, html

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "fixtures" / "reports"
SITE = "fixtures/site"
PAIR = [f"{SITE}/posts/fenders-which-survive.md", f"{SITE}/posts/mudguards-that-last.md"]
# The site's configuration says from which day it is measured.
CHECK = ["check", SITE, "--no-cache", "--exit-zero"]
CASES: Mapping[str, Sequence[str]] = {
    **{f"site.{form}.out": [*CHECK, "--format", form] for form in FORMATS},
    "site.statistics.out": [*CHECK, "--statistics"],
    "site.colour.out": [*CHECK, "--format", "full"],
    "compare.text.out": ["compare", *PAIR],
    "compare.html.out": ["compare", *PAIR, "--format", "html"],
}
"""The name of each file and the command line of which it is the output."""
_DATA = re.compile(r'(<script type="application/json" id="[\w-]+">)([^<]*)(</script>)')
_REVIEW = Path(html.__file__).with_name("review")
_STYLE = (_REVIEW / "review.css").read_text(encoding="ascii")
_SCRIPT = "".join((_REVIEW / name).read_text(encoding="ascii") for name in html.SCRIPTS)


def produced(name: str) -> bytes:
    """What the command line of a file comes to now."""
    forced = {"FORCE_COLOR": "1" if name == "site.colour.out" else "0", "NO_COLOR": "", "COLUMNS": "120"}
    before = dict(os.environ)
    os.environ.update(forced)
    try:
        with contextlib.chdir(ROOT), contextlib.redirect_stdout(io.StringIO(newline="")) as output:
            code = run(CASES[name])
    finally:
        os.environ.clear()
        os.environ.update(before)
    assert code == 0, name
    text = output.getvalue()
    return (readable(text) if name == "site.html.out" else text).encode()


def readable(page: str) -> str:
    """The page of the review report with its data unpacked, and without its style and script, which are files."""
    for part, name in ((_STYLE, "style"), (_SCRIPT, "script")):
        hashed = re.search(rf"{name}-src '(sha256-[^']+)'", page)
        assert hashed is not None
        assert page.count(part) == 1
        page = page.replace(part, "").replace(hashed[1], "of the file")
    return _DATA.sub(lambda found: f"{found[1]}\n{_unpacked(found[2])}\n{found[3]}", page)


def _unpacked(packed: str) -> str:
    value = json.loads(gzip.decompress(base64.b64decode(packed, validate=True)))
    return json.dumps(value, indent=1)


def main() -> None:
    """Write the files whose output is another one, and remove those of no command line."""
    FOLDER.mkdir(exist_ok=True)
    for path in FOLDER.iterdir():
        if path.name not in CASES:
            path.unlink()
    for name in CASES:
        path, made = FOLDER / name, produced(name)
        if not path.exists() or path.read_bytes() != made:
            path.write_bytes(made)
            print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()
