"""Texts that attack whoever shows them, and a report that has such a text in every field."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from postlint import reporters
from postlint.post import Lines, Location
from postlint.violations import Cluster, Fix, FixEdit, RelatedLocation, Report, RulePage, Severity, Violation

TEXTS: Mapping[str, str] = {
    "script": "</script><script>document.title='owned'</script>",
    "comment": "<!--<script>--><!DOCTYPE x [<!ENTITY e 'owned'>]>&e;",
    "attribute": "\"'><img src=x onerror=document.title='owned'>",
    "style": "</style></title></textarea></template><svg/onload=document.title='owned'>",
    "address": "javascript:document.title='owned'",
    "cdata": "]]></failure></testcase></testsuite><testcase name='owned'/>&#0;",
    "equals": '=HYPERLINK("http://owned.example","x")',
    "plus": "+1+cmd|' /C calc'!A0",
    "minus": "-2+3+cmd|' /C calc'!A0",
    "at": "@SUM(1+1)",
    "tab": "\t=1+1",
    "return": "\r=1+1",
    "spaces": "  \u00a0=1+1",
    "quoted-cell": '","=1+1","',
    "wide-equals": "\uff1d1+1",
    "command": "x\n::error file=owned::owned\n::set-output name=a::b\r\n::stop-commands::t",
    "escaped-command": "%0A::error::owned%0D%25%3A%2C,title=owned::",
    "old-command": "\n##[error]owned\n##vso[task.setvariable variable=a]b",
    "colours": "\x1b[31mred\x1b[0m\x1b[2J\x1b[1;1H",
    "link": "\x1b]8;;http://owned.example\x1b\\here\x1b]8;;\x1b\\\x1b]0;owned\x07",
    "control": "\x9b31m\x00\x07\x08\x0c\x7f\x85",
    "bidi": "\u202eowned\u2066\u2069\u061c\u200e\u200f",
    "invisible": "a\u200bb\u2060c\ufeffd\u2028e\u2029f\U000e0041g\u00adh",
    "surrogate": "\ud800owned\udfff",
    "markdown": "**x** [x](javascript:1) ![x](http://owned.example/x.png) `x` | a | @all #1 www.owned.example\n\n# x",
    "autolink": "<http://owned.example> http://owned.example owned@owned.example [x]: http://owned.example",
    "message-link": "[owned](1) {0} {owned}",
    "path": "../../etc/passwd",
    "address-path": "a?b#c%2e%2e/d\\e:f",
    "quotes": "a'b\"c`d$(owned);&|",
    "letters": "ünï/日本\U0001f600\u0301",
}
"""Each by the way it attacks."""
SOURCE = "first\nsecond {text}\n"
PLACE = (Location(2, 3), Location(2, 9))


def path_of(text: str) -> str:
    """The text as the name of a file can have it: without zero bytes, and of lone surrogates those that are bytes."""
    return text.replace("\0", "").replace("\ud800", "\udcff").replace("\udfff", "\udcfe")


def report(text: str) -> Report:
    """A report of three violations, one of each severity, with a text in every field that comes from posts."""
    path = path_of(text)
    page = RulePage(
        "BP001", "repeated-paragraph", Severity.WARNING, "A copy.", "It is one.", "Cut it.", "https://x.example/1"
    )
    own = RulePage("HOUSE1", "own", Severity.INFO, text, text, text, "")
    found = [
        Violation(
            code=rule.code,
            name=rule.name,
            severity=severity,
            message=text,
            path=path,
            post=text,
            number=0,
            location=PLACE[0],
            end_location=PLACE[1],
            quote=text,
            help=rule.fix,
            data={text: text, "template": text, "slots": [text], "value": text},
            related=(RelatedLocation(f"other {path}", *PLACE, text), RelatedLocation(path, *PLACE, "also here")),
            fingerprint="0123456789abcdef",
            url=rule.url,
            fix=Fix("unsafe", (FixEdit(0, 3, text, *PLACE),)),
        )
        for rule, severity in ((page, Severity.ERROR), (page, Severity.WARNING), (own, Severity.INFO))
    ]
    cluster = Cluster("abc", "near-duplicate", (path, f"other {path}"), 0.9)
    return Report(date(2026, 11, 20), 4, 4, tuple(found), clusters=(cluster,), rules=(page, own))


def rendered(form: str, text: str) -> str:
    """That report in a format, as it can be written to a file."""
    source = SOURCE.replace("{text}", text)
    made = "".join(reporters.render(form, report(text), lambda path, number: Lines(source), colour=False))
    made.encode("utf-8")
    return made
