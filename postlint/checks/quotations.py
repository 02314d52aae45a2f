"""Where a text quotes somebody: what stands in quotation marks, and what a named chatbot is said to have said."""

from __future__ import annotations

import re

from postlint.lazy_pattern import lazy_pattern

# Bounded, and each part excludes its own closing mark: a text of opening marks alone costs no more than its length
# times the bound.
_QUOTED = lazy_pattern(
    r"“[^“”]{0,2000}(?:”|\Z)|„[^„“”]{0,2000}[“”]|«[^«»]{0,2000}»|‹[^‹›]{0,2000}›|「[^「」]{0,2000}」|『[^『』]{0,2000}』"
    r"|(?<![^\s(\[{/:—–])\"(?=[^\s\"])[^\"]{0,2000}\"(?!\w)"
    r"|(?<!\w)‘(?=\S)[^‘\n]{0,600}?’(?!\w)"
    r"|(?<!\w)'(?=[^\s'])[^\n]{0,600}?(?<=[\w.,!?…;])'(?!\w)"
)
_SPEECH = lazy_pattern(
    r"^[ \t]*(?:(?:chat)?gpt(?:-?[0-9][\w.-]*)?|claude|gemini|bard|bing|copilot|grok|llama|mistral|deepseek|perplexity"
    r"|siri|alexa|tay|eliza|ai|bot|chatbot|assistant|model|response|output)"
    r"(?:[ ][\w.()-]{1,20}){0,2}[ ]?(?::|says:|said:)[ \t\n][^\n]*",
    re.IGNORECASE | re.MULTILINE,
)


def quotations(text: str) -> list[tuple[int, int]]:
    """The stretches of a text that are somebody else's words."""
    return [match.span() for pattern in (_QUOTED, _SPEECH) for match in pattern.finditer(text)]
