"""What Markdown does not know is blanked before it is parsed, without moving anything.

Every construct has an opening, a regular expression that can't run away, and an end that is looked for from there on.
One that never ends is left alone, and what stands in fenced or inline code is no construct.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from postlint.lazy_pattern import lazy_pattern
from postlint.readers.align import Span
from postlint.readers.code_spans import CodeSpans

_NOT_A_LINE_END = lazy_pattern(r"[^\r\n]+")
_NOT_BLANK = lazy_pattern(r"[ \t]*[^ \t\r\n]")
_TEMPLATE = lazy_pattern(r"\{\{[^{}\r\n]{0,300}\}\}")
_FIGURE = lazy_pattern(r"\{\{[<%][ \t]*(?:figure|img|image)[ \t]")
_JSX_SIGN = lazy_pattern(r"[{}>\"'`]")
_LOOK_BACK = 300
_LONGEST_TAG = 5000
_MOST_FAILURES = 100

End = Callable[[str, re.Match[str]], Span | None]
"""The end of a construct and where its closing starts; None if it has none."""


class Masked(NamedTuple):
    """The source with blanks, and what they stand for: `holes` in order, code with its language, image
    shortcodes, and `<pre>` elements."""

    text: str
    holes: list[Span]
    code: list[tuple[int, int, str]]
    figures: list[Span]
    preformatted: list[Span]


class _Construct(NamedTuple):
    guard: str
    """What the opening begins with."""
    opening: re.Pattern[str]
    end: End
    is_code: bool = False
    opens_line: bool = False
    """Whether only blanks may stand before it in its line."""


def _alone(_: str, opening: re.Match[str]) -> Span | None:
    return opening.end(), opening.end()


def _until(closing: str) -> End:
    def end(source: str, opening: re.Match[str]) -> Span | None:
        at = source.find(closing, opening.end())
        return None if at < 0 else (at, at + len(closing))

    return end


def _until_match(pattern: str) -> End:
    """Up to a regular expression in which NAME stands for what the opening's first group found."""

    def end(source: str, opening: re.Match[str]) -> Span | None:
        named = pattern.replace("NAME", re.escape(opening[1])) if "NAME" in pattern else pattern
        found = re.compile(named, re.IGNORECASE).search(source, opening.end())
        return None if found is None else found.span()

    return end


def _tag_end(source: str, opening: re.Match[str]) -> Span | None:
    """The end of a JSX tag: the first `>` outside braces and quotes."""
    depth = 0
    quote = ""
    for sign in _JSX_SIGN.finditer(source, opening.end(), opening.end() + _LONGEST_TAG):
        character = sign[0]
        if quote:
            quote = "" if character == quote else quote
        elif character in "\"'`":
            quote = character
        elif character == "{":
            depth += 1
        elif character == "}":
            depth -= 1
        elif depth <= 0:
            return sign.start(), sign.end()
    return None


_CONSTRUCTS = (
    _Construct(
        "{%",
        lazy_pattern(r"\{%-?[ \t]*(highlight|codeblock|verbatim)\b[ \t]*([\w+#-]*)[^%\r\n]{0,500}%\}"),
        _until_match(r"\{%-?[ \t]*endNAME[ \t]*-?%\}"),
        is_code=True,
    ),
    # What is captured in a variable is shown elsewhere, if at all.
    _Construct(
        "{%",
        lazy_pattern(r"\{%-?[ \t]*(set|capture)[ \t]+\w+()[ \t]*-?%\}"),
        _until_match(r"\{%-?[ \t]*endNAME[ \t]*-?%\}"),
        is_code=True,
    ),
    _Construct("{%", lazy_pattern(r"\{%-?[ \t]*(comment)[ \t]*-?%\}"), _until_match(r"\{%-?[ \t]*endNAME[ \t]*-?%\}")),
    _Construct(
        "{{",
        lazy_pattern(r"\{\{[<%][ \t]*(highlight)[ \t]+\"?([\w+#-]*)[^\r\n{}]{0,500}[>%]\}\}"),
        _until_match(r"\{\{[<%][ \t]*/[ \t]*NAME[ \t]*[>%]\}\}"),
        is_code=True,
    ),
    _Construct("<pre", lazy_pattern(r"<(pre)\b"), _until_match(r"</NAME[ \t]*>")),
    _Construct("<script", lazy_pattern(r"<(script)\b"), _until_match(r"</NAME[ \t]*>")),
    _Construct("<style", lazy_pattern(r"<(style)\b"), _until_match(r"</NAME[ \t]*>")),
    _Construct("<svg", lazy_pattern(r"<(svg)\b"), _until_match(r"</NAME[ \t]*>")),
    _Construct("<!--", lazy_pattern(r"<!--"), _until("-->")),
    _Construct("{%", lazy_pattern(r"\{%"), _until("%}")),
    _Construct("{{", lazy_pattern(r"\{\{<"), _until(">}}")),
    _Construct("{{", lazy_pattern(r"\{\{%"), _until("%}}")),
    _Construct(":::", lazy_pattern(r":::[^\r\n]*"), _alone, opens_line=True),
    _Construct("{:", lazy_pattern(r"\{:[^{}\r\n]{0,500}\}[ \t]*(?=[\r\n]|\Z)"), _alone, opens_line=True),
)
_MDX = (
    _Construct("{/*", lazy_pattern(r"\{/\*"), _until("*/}")),
    _Construct(
        "import ",
        lazy_pattern(r"import[ \t]+(?:[\w*{][^\r\n]{0,1000}[ \t]from[ \t]+)?['\"][^'\"\r\n]+['\"][ \t]*;?"),
        _alone,
        opens_line=True,
    ),
    _Construct(
        "import ",
        lazy_pattern(r"import[ \t]+(?:\w+[ \t]*,[ \t]*)?\{[ \t]*(?=[\r\n])"),
        _until_match(r"\}[ \t]*from[ \t]+['\"][^\r\n]*"),
        opens_line=True,
    ),
    _Construct(
        "export ",
        lazy_pattern(r"export[ \t]+(?:const|let|var|function|default|async|class|\{|\*)"),
        _until_match(r"(?:\r\n|\n|\r)[ \t]*(?=\r\n|\n|\r)|\Z"),
        opens_line=True,
    ),
    # Markdown knows some of these as HTML, and takes what stands under them for HTML, too.
    _Construct("<", lazy_pattern(r"</?[A-Z][\w.]*(?=[\s>/])"), _tag_end),
)
_IMPORT = lazy_pattern(r"import[ \t][^\r\n]{1,300}[ \t]from[ \t]+['\"]")
_LATER_IMPORT = lazy_pattern(r"\nimport [^\r\n]{1,300}[ \t]from[ \t]+['\"]")
_AFTER_ANGLE = lazy_pattern(r"<([^<]{0,3})")
_AFTER_BRACE = lazy_pattern(r"\{([^{]?)")


def mask(source: str, base: int, *, is_mdx: bool) -> Masked:
    """The source with blanks for what is no Markdown.

    In the target of a link letters stand in for a template: a target holds no blanks.
    """
    spans = CodeSpans(source, base)
    # Some sites name their components' posts `.md` as well.
    is_mdx = is_mdx or _imports(source, base, spans)
    constructs = [*_CONSTRUCTS, *_MDX] if is_mdx else _CONSTRUCTS
    # What follows each brace and angle bracket says which constructs can occur: one pass instead of one for each.
    tags = set(_AFTER_ANGLE.findall(source, base)) if source.find("<", base) >= 0 else set()
    braces = set(_AFTER_BRACE.findall(source, base)) if source.find("{", base) >= 0 else set()
    candidates = [construct for construct in constructs if _can_occur(construct.guard, tags, braces)]
    has_templates = "" in braces
    found: list[tuple[int, int, tuple[int, int, str] | None]] = []
    for construct in candidates:
        found.extend(_occurrences(construct, source, base, spans))
    targets = [match.span() for match in _TEMPLATE.finditer(source, base)] if has_templates else []
    targets = [span for span in targets if _is_in_target(source, span[0]) and not spans.holds(span[0])]
    if not found and not targets:
        return Masked(source, [], [], [], [])
    return _filled(source, found, targets)


def _imports(source: str, base: int, spans: CodeSpans) -> bool:
    """Whether the first import at the start of a line is no code."""
    if base == 0 and source.startswith("import ") and _IMPORT.match(source):
        return not spans.holds(0)
    found = _LATER_IMPORT.search(source, max(base - 1, 0))
    return found is not None and not spans.holds(found.start() + 1)


def _can_occur(guard: str, tags: set[str], braces: set[str]) -> bool:
    if guard[0] == "<":
        return guard[1:4] in tags if len(guard) > 1 else bool(tags)
    if guard[0] == "{":
        # Between two braces in a row stands nothing.
        return (guard[1] if guard[1] != "{" else "") in braces
    return True


def _occurrences(
    construct: _Construct, source: str, base: int, spans: CodeSpans
) -> Iterator[tuple[int, int, tuple[int, int, str] | None]]:
    """Start and end of each occurrence, and the code in it."""
    endless: set[str] = set()
    failures = 0
    # A pattern is found by its first letters, and in half the time in which `str.find` finds them.
    search = construct.opening.search
    at = base
    while (opening := search(source, at)) is not None:
        start = opening.start()
        at = max(start + 1, opening.end())
        name = opening[1].lower() if opening.re.groups else ""
        if name in endless or spans.holds(start):
            continue
        if construct.opens_line and _follows_text(source, start):
            continue
        closing = construct.end(source, opening)
        if closing is None:
            endless.add(name)
            failures += 1
            # A tag that does not end nearby says nothing of the next one; many of them are no tags.
            if not name and (construct.end is not _tag_end or failures > _MOST_FAILURES):
                return
            if construct.end is _tag_end:
                endless.clear()
            continue
        code = (opening.end(), closing[0], opening[2]) if construct.is_code else None
        yield start, closing[1], code
        at = max(at, closing[1])


def _follows_text(source: str, offset: int) -> bool:
    """Whether something other than blanks stands before an offset in its line."""
    before = source[max(0, offset - _LOOK_BACK) : offset]
    line = before[max(before.rfind("\n"), before.rfind("\r")) + 1 :]
    return not line.isspace() and line != ""


def _filled(source: str, found: list[tuple[int, int, tuple[int, int, str] | None]], targets: list[Span]) -> Masked:
    masked = Masked("", [], [], [], [])
    parts: list[str] = []
    at = 0
    everything = sorted([*found, *((start, end, None) for start, end in targets)], key=lambda one: (one[0], -one[1]))
    letters = set(targets)
    for start, end, code in everything:
        if start < at:
            continue
        parts.append(source[at:start])
        if (start, end) in letters or _is_in_target(source, start):
            parts.append("x" * (end - start))
        else:
            parts.append(_blanked(source, start, end))
            masked.holes.append((start, end))
        if code is not None:
            masked.code.append(code)
        elif _FIGURE.match(source, start):
            masked.figures.append((start, end))
        elif source.startswith("<pre", start):
            masked.preformatted.append((start, end))
        at = end
    parts.append(source[at:])
    return masked._replace(text="".join(parts))


def _blanked(source: str, start: int, end: int) -> str:
    """Blanks for a stretch, line ends kept. Before other text letters: blanks would indent it, and so make it code."""
    blank = _NOT_A_LINE_END.sub(_blanks, source[start:end])
    following = _NOT_BLANK.match(source, end, end + _LOOK_BACK)
    if following is None:
        return blank
    last = max(blank.rfind("\n"), blank.rfind("\r")) + 1
    return blank[:last] + "x" * (len(blank) - last)


def _blanks(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _is_in_target(source: str, offset: int) -> bool:
    """Whether an offset stands in the target of a link: after `](` or `]: ` with no blank or end of it between."""
    before = source[max(0, offset - _LOOK_BACK) : offset]
    opening = max(before.rfind("]("), before.rfind("]: "))
    if opening < 0:
        return False
    between = _TEMPLATE.sub("", before[opening + (2 if before[opening + 1] == "(" else 3) :])
    return not any(sign in between for sign in (")", "\n", "\r", " ", '"'))
