"""The command line: where the program starts, and the exit code of whatever happens in it."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper

from postlint import __version__
from postlint.commands.output import failed, write_stdout
from postlint.errors import UserError


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # A file name may hold what a terminal's encoding can't say.
            stream.reconfigure(errors="backslashreplace")
    try:
        if list(arguments) == ["--version"]:
            # Scripts ask for it to see whether the program is there; importing click takes longer than all the rest.
            write_stdout([f"postlint {__version__}\n"])
            return 0
        from postlint.commands.group import run_group

        return run_group(arguments)
    except UserError as error:
        return failed(str(error))


def main() -> None:
    """The program: run the command line and exit."""
    # numpy's linear algebra, which is not used here, starts a thread for each core, and these look for work.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    sys.exit(run(sys.argv[1:]))
