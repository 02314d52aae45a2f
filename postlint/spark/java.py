"""Which Java a Spark that starts here would find, and whether it is new enough."""

from __future__ import annotations

import os
import re
import shutil
import subprocess

from postlint.errors import UserError

HOW = "`apt install openjdk-17-jre-headless`, or see docs/spark.md"


def check_java(oldest: int) -> None:
    """Raise a UserError unless there is a Java of this version, or a newer one, where Spark's own scripts look."""
    home = os.environ.get("JAVA_HOME")
    program = os.path.join(home, "bin", "java") if home else "java"
    found = shutil.which(program)
    if found is None:
        where = f"JAVA_HOME says {home}, which has no bin/java" if home else "JAVA_HOME is not set, PATH has no java"
        raise UserError(f"Spark needs Java {oldest} or newer, and there is none: {where}; {HOW}")
    ran = subprocess.run(
        [found, "-version"],
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        stdin=subprocess.DEVNULL,
        check=False,
    )
    version = version_of(ran.stdout + ran.stderr)
    if version is None:
        raise UserError(f"Spark needs Java {oldest} or newer, and {found} does not say which it is; {HOW}")
    if version < oldest:
        raise UserError(f"Spark needs Java {oldest} or newer, and {found} is Java {version}; {HOW}")


def version_of(said: str) -> int | None:
    """The main version in what `java -version` says: 17 of "17.0.15", 8 of "1.8.0_402"; None where it says none."""
    found = re.search(r'version "(?:1\.)?(\d+)', said)
    return int(found[1]) if found else None
