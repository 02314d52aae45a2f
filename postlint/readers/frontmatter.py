"""Front matter of every form found on real sites: where it ends, what it holds, what is wrong with it."""

from __future__ import annotations

import re
from typing import NamedTuple

from postlint.lazy_pattern import lazy_pattern
from postlint.meta import Entry, Meta, fold_key
from postlint.post import Problem
from postlint.readers.meta_source import MAX_ENTRIES, MAX_SIZE, MetaError, MetaSource
from postlint.readers.plain_yaml import read_plain_yaml

_OPENING = lazy_pattern(r"(---|\+\+\+)[ \t]*(json|yaml|toml|)[ \t]*(?:#[^\r\n]*)?(?:\r\n|\n|\r|\Z)")
_CLOSING = {
    "---": lazy_pattern(r"\n(?:---|\.\.\.)[ \t]*(?:\r\n|\n|\r|\Z)"),
    "+++": lazy_pattern(r"\n\+\+\+[ \t]*(?:\r\n|\n|\r|\Z)"),
}
_OLD_CLOSING = {
    "---": lazy_pattern(r"(?:^|(?<=\r))(?:---|\.\.\.)[ \t]*(?:\r\n|\n|\r|\Z)", re.MULTILINE),
    "+++": lazy_pattern(r"(?:^|(?<=\r))\+\+\+[ \t]*(?:\r\n|\n|\r|\Z)", re.MULTILINE),
}
_LINE = lazy_pattern(r"([^\r\n]*)(?:\r\n|\n|\r|\Z)")
_YAML_KEY = lazy_pattern(r"(?P<quote>[\"']?)(?P<key>[A-Za-z_][\w.\-]*(?: [\w.\-]+){0,3})(?P=quote)[ \t]*:(?=[ \t]|\Z)")
_TOML_KEY = lazy_pattern(r"(?:[\w\-]+(?:\.[\w\-]+)*|\"[^\"]*\")[ \t]*=|\[{1,2}[^\[\]]+\]{1,2}[ \t]*(?:#.*)?\Z")
_JSON_START = lazy_pattern(r"\{\s*(?:\"|\})")
_HEADER = lazy_pattern(r"([A-Za-z][A-Za-z0-9_\-]*(?: [A-Za-z0-9_\-]+)?):[ \t]*(.*?)[ \t]*\Z")
_COMMENT = lazy_pattern(r"<!--(.*?)-->[ \t]*(?:\r\n|\n|\r|\Z)", re.DOTALL)
_LIST_ITEM = lazy_pattern(r"[ \t]*-[ \t]+([\"']?)(\S.*?)\1[ \t]*\Z")
_LANGUAGES = {"yaml": "YAML", "toml": "TOML", "json": "JSON"}


class FrontMatter(NamedTuple):
    """The meta before a body, the problems in it, and the offset at which the body starts."""

    meta: Meta
    problems: list[Problem]
    body: int


_NONE = FrontMatter(Meta(), [], 0)


def read_front_matter(source: str) -> FrontMatter:
    """The front matter of a post's source; an empty Meta and body 0 if it has none."""
    first = source[:1]
    if first in ("-", "+"):
        return _fenced(source) or FrontMatter(Meta(), [], 0)
    if first in (" ", "\t", "\n", "\r"):
        # Hugo looks for it below blank lines, too.
        return _fenced(source, len(source) - len(source.lstrip())) or FrontMatter(Meta(), [], 0)
    if first == "{" and _JSON_START.match(source):
        return _bare_json(source)
    if first == "<" and source.startswith("<!--"):
        return _comments(source) or FrontMatter(Meta(), [], 0)
    if first.isalpha():
        return _headers(source) or FrontMatter(Meta(), [], 0)
    return FrontMatter(Meta(), [], 0)


def _fenced(source: str, start: int = 0) -> FrontMatter | None:
    opening = _OPENING.match(source, start)
    if opening is None:
        return None
    fence, begin = opening[1], opening.end()
    language = opening[2] or ("toml" if fence == "+++" and not _looks_like("yaml", source, begin) else "yaml")
    # A search for a line feed knows no row that ends with a lone carriage return; only old files have one.
    old = "\r" in source and "\n" not in source
    closing = _OLD_CLOSING[fence].search(source, begin) if old else _CLOSING[fence].search(source, begin - 1)
    if start and (closing is None or not _looks_like(language, source, begin)):
        return None
    if closing is None:
        return _unclosed(source, begin, language, fence) if _looks_like(language, source, begin) else None
    end, body = closing.start() + (not old), closing.end()
    meta = MetaSource(source, begin, end)
    try:
        if end - begin > MAX_SIZE:
            raise MetaError(begin, f"longer than {MAX_SIZE:,} characters")
        is_mapping = _parse(meta, language)
    except MetaError as error:
        if not _looks_like(language, source, begin):
            return None
        _recover(meta, language)
        meta.malformed(error, _LANGUAGES[language])
    else:
        if not is_mapping:
            if not _looks_like(language, source, begin):
                return None
            meta.malformed(MetaError(begin, "is not a mapping of keys to values"), _LANGUAGES[language])
    return FrontMatter(Meta(meta.entries, (0, body)), meta.problems, body)


def _parse(meta: MetaSource, language: str) -> bool:
    if not meta.text.strip():
        return True
    if language == "yaml":
        if read_plain_yaml(meta):
            return True
        from postlint.readers.yaml_meta import read_yaml

        return read_yaml(meta)
    if language == "toml":
        from postlint.readers.toml_meta import read_toml

        return read_toml(meta)
    from postlint.readers.json_meta import read_json

    end = read_json(meta)
    rest = meta.text[end - meta.begin :]
    if rest.strip():
        raise MetaError(end + len(rest) - len(rest.lstrip()), "text follows the closing brace")
    return True


def _looks_like(language: str, source: str, begin: int) -> bool:
    """Whether the first line that says something is a key, so that this was meant as front matter."""
    for match in _LINE.finditer(source, begin, begin + 10_000):
        line = match[1]
        stripped = line.strip()
        if not stripped:
            if match.end() >= len(source) or match.start() > begin:
                return False
            continue
        if stripped.startswith("#"):
            continue
        if language == "json":
            return stripped.startswith("{")
        return (_TOML_KEY if language == "toml" else _YAML_KEY).match(stripped) is not None
    return False


def _unclosed(source: str, begin: int, language: str, fence: str) -> FrontMatter:
    """What was meant as front matter but never ends: keys up to the first line that can't be one."""
    key = _TOML_KEY if language == "toml" else _YAML_KEY
    end = begin
    for match in _LINE.finditer(source, begin, begin + MAX_SIZE):
        line = match[1]
        if not line.strip() or not (line[0] in " \t-#" or key.match(line)):
            break
        end = match.end()
        if end >= len(source):
            break
    meta = MetaSource(source, begin, end)
    try:
        _parse(meta, language)
    except MetaError:
        _recover(meta, language)
    meta.malformed(MetaError(0, f"no closing {fence}"), _LANGUAGES[language])
    problem = meta.problems[-1]
    problem.start, problem.end = 0, len(fence)
    return FrontMatter(Meta(meta.entries, (0, end)), meta.problems, end)


def _recover(meta: MetaSource, language: str) -> None:
    """Read what stands alone on a line of a block that as a whole can't be read."""
    separator = "=" if language == "toml" else ":"
    key = _TOML_KEY if language == "toml" else _YAML_KEY
    meta.entries.clear()
    meta.problems.clear()
    for match in _LINE.finditer(meta.source, meta.begin, min(meta.end, meta.begin + MAX_SIZE)):
        line = match[1]
        if language == "json":
            line = line.strip().rstrip(",")
        found = key.match(line)
        if found is None or line.startswith("["):
            item = _LIST_ITEM.match(line)
            if item is not None and meta.entries:
                _recover_item(meta.entries, item, match.start())
            continue
        name = line[: found.end()].rstrip(separator).strip()
        quoted_key = len(name) > 1 and name[0] in "\"'"
        name = name.strip("\"'") if quoted_key else name
        key_start = meta.source.index(name, match.start())
        rest = line[found.end() :]
        value = rest.strip()
        start = meta.source.index(line, match.start()) + found.end() + len(rest) - len(rest.lstrip())
        quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
        if quoted:
            value, start = value[1:-1], start + 1
        meta.entries.append(Entry((name,), value, start, start + len(value), key_start, key_start + len(name), quoted))
        if match.end() >= meta.end or len(meta.entries) >= MAX_ENTRIES:
            break


def _recover_item(entries: list[Entry], item: re.Match[str], base: int) -> None:
    """One `- item` line under the key before it."""
    last = entries[-1]
    number = 0
    if len(last.path) == 2 and isinstance(last.path[1], int):
        number = last.path[1] + 1
    elif last.value:
        return
    else:
        entries.pop()
    start, end = base + item.start(2), base + item.end(2)
    entries.append(Entry((last.path[0], number), item[2], start, end, last.key_start, last.key_end, bool(item[1])))


def _bare_json(source: str) -> FrontMatter:
    from postlint.readers.json_meta import read_json

    meta = MetaSource(source, 0, min(len(source), MAX_SIZE))
    try:
        end = read_json(meta)
        line = _LINE.match(source, end)
        if line is None or line[1].strip():
            raise MetaError(end, "text follows the closing brace")
        body = line.end()
    except MetaError as error:
        closing = re.compile(r"^\}[ \t]*(?:\r\n|\n|\r|\Z)", re.MULTILINE).search(source)
        body = closing.end() if closing else len(source)
        meta.end = body
        meta.malformed(error, "JSON")
    return FrontMatter(Meta(meta.entries, (0, body)), meta.problems, body)


def _headers(source: str) -> FrontMatter | None:
    """`Title: x` lines that open a file and end at a blank line."""
    entries: list[Entry] = []
    end = 0
    for match in _LINE.finditer(source, 0, MAX_SIZE):
        line = match[1]
        end = match.end()
        if not line.strip():
            break
        found = _HEADER.match(line)
        if found is None:
            if not entries or not line.startswith("    "):
                return None
            last = entries[-1]
            last.end = match.start() + len(line.rstrip())
            last.value = f"{last.value}\n{line.strip()}" if last.value else line.strip()
            continue
        entries.append(_header_entry(found, match.start()))
        if end >= len(source):
            break
    return _with_title(entries, end)


def _header_entry(found: re.Match[str], base: int) -> Entry:
    return Entry(
        (found[1],), found[2], base + found.start(2), base + found.end(2), base + found.start(1), base + found.end(1)
    )


def _comments(source: str) -> FrontMatter | None:
    """`<!-- title: x -->` comments that open a file; each line of them is a key and its value."""
    entries: list[Entry] = []
    end = 0
    while (comment := _COMMENT.match(source, end, end + MAX_SIZE)) is not None:
        found_here = 0
        for match in _LINE.finditer(source, comment.start(1), comment.end(1)):
            line = match[1]
            found = _HEADER.match(line.strip())
            if found is not None:
                found_here += 1
                entries.append(_header_entry(found, match.start() + len(line) - len(line.lstrip())))
            elif line.strip():
                found_here = 0
                break
            if match.end() >= comment.end(1):
                break
        if not found_here:
            break
        end = comment.end()
    return _with_title(entries, end)


def _with_title(entries: list[Entry], end: int) -> FrontMatter | None:
    """Header lines count as meta only where one of them is the title: prose begins with `Note: ...` too."""
    if not any(fold_key(entry.key) == "title" for entry in entries):
        return None
    meta = Meta(entries, (0, end))
    problems: list[Problem] = []
    return FrontMatter(meta, problems, end)
