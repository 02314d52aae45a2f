"""What failures of Spark say, in one line: those of files that cannot be read or written, and whose they are."""

from __future__ import annotations

import re

from postlint.errors import UserError

MAX_LENGTH = 300

_NOISE = re.compile(r"An error occurred while calling |Driver stacktrace:|JVM stacktrace:|at |\.\.\. ")
_CLASS = re.compile(r"\(?(?:[a-z]\w*\.)+[A-Z][\w$]*\)?:?\s+")
_FILE = re.compile(r"(?<=/)[^/\s]+\.parquet\b")
_TASK = re.compile(r".*most recent failure: Lost task .*?\): ")
_INPUT_OUTPUT = re.compile(
    r"java\.io\.(?!NotSerializable|InvalidClass)\w*Exception|java\.nio\.file\.|org\.apache\.hadoop\.(?:fs|security)\."
    # All that a client of Spark 3.5 is told by a Connect server.
    r"|No space left on device|Mkdirs failed|\[TASK_WRITE_FAILED\]"
)
_LOST = (
    (re.compile(r"Python worker exited unexpectedly"), "a Python worker is gone, killed or out of memory"),
    (re.compile(r"ExecutorLostFailure"), "executors are gone, killed or out of memory"),
    (re.compile(r"java\.lang\.OutOfMemoryError"), "a process of Java's is out of memory"),
)


def spark_errors() -> tuple[type[Exception], ...]:
    """What is raised where Spark fails: PySparkException, and of a classic session more.

    A classic session gives only some of the errors of the JVM a class of their own; a file that cannot be read has none
    in Spark 3.5 and 4. Where its Java is gone, an answer is cut off, or nobody is there to ask. A client of Spark
    Connect gives one class to all, and may have no py4j.
    """
    from pyspark.errors import PySparkException

    try:
        from py4j.protocol import Py4JError
    except ImportError:
        return (PySparkException,)
    return (PySparkException, Py4JError, ConnectionError, EOFError)


class LostError(UserError):
    """A process that the work needs is gone: `what` says which, the message also where its stages are, and how to go
    on."""

    def __init__(self, what: str, how: str, folder: str | None = None) -> None:
        place = "" if folder is None else f"{folder}: "
        super().__init__(f"{place}{what}; run it again, {how}")
        self.what = what


class SessionGoneError(LostError):
    """A session that cannot be asked for anything any more, not even to stop."""


def gone(error: Exception) -> str | None:
    """What is gone where an error says that the session is: its Java, or its Connect server."""
    if "StatusCode.UNAVAILABLE" in str(error):
        return "the Connect server does not answer any more"
    java = "the Java of the session is gone, killed or out of memory"
    if isinstance(error, (ConnectionError, EOFError)):
        return java
    try:
        from py4j.protocol import Py4JError, Py4JJavaError
    except ImportError:
        return None
    # What Java itself has to say has a class of its own, or its trace.
    says = isinstance(error, Py4JError) and not isinstance(error, Py4JJavaError) and "Trace:" not in str(error)
    return java if says else None


def is_missing(error: Exception) -> bool:
    """Whether an error says that a path is not there. Spark Connect says so when a frame is first looked at."""
    # The class of the error is known to some versions alone, and asking for it makes others warn.
    return "[PATH_NOT_FOUND]" in str(error)


def loss(error: Exception) -> str | None:
    """Which process is gone that the work needs, as far as an error says that one is."""
    return gone(error) or next((said for pattern, said in _LOST if pattern.search(str(error))), None)


def is_of_python(error: Exception) -> bool:
    """Whether Python code on a worker has raised it: a mistake of this program, whatever Spark wraps it in."""
    return "PythonException" in f"{type(error).__name__} {error}" or "[PYTHON_EXCEPTION]" in str(error)


def is_of_files(error: Exception) -> bool:
    """Whether its cause is that something cannot be written or read."""
    return _INPUT_OUTPUT.search(_root(error)) is not None


def reason(error: Exception) -> str:
    """The innermost cause, as one line without the name of its class, and the file that it is about if one is named."""
    line = _CLASS.sub("", _TASK.sub("", _root(error)), count=1)
    line = line if len(line) <= MAX_LENGTH else f"{line[:MAX_LENGTH]}…"
    file = _FILE.search(str(error))
    return f"{file[0]}: {line}" if file and file[0] not in line else line


def _root(error: Exception) -> str:
    """The line of the innermost cause."""
    lines = [stripped for line in str(error).splitlines() if (stripped := line.strip()) and not _NOISE.match(stripped)]
    causes = [line for line in lines if line.startswith("Caused by: ")]
    line = causes[-1] if causes else next(iter(lines), type(error).__name__)
    return line.removeprefix("Caused by: ").removeprefix(": ")
