"""How far comparisons look: the numbers that a whole run and a look-up of one post share."""

from __future__ import annotations

WITNESSES = 8
"""How many posts with the same segment are tried for one that is another, and not legitimately alike."""
SOURCES = 3
"""Posts named as those that share the most with a stitched one."""
LOOKED_AT = 16
"""Of the posts that have a sentence so many are looked at for them, the first by path."""
OCCURRENCES = 4
"""Other occurrences named where something stands in a post more than once, or in a crowd of posts."""
EXCERPT = 60
"""Characters of a repeated text that are shown."""
NEAR_COPIES = 3
"""Near copies named with a finding."""
ROMAN = frozenset("i ii iii iv v vi vii viii ix x xi xii".split())
"""Words that are numbers: they tell the parts of a series apart."""

PIECE = 3000
"""Characters of a text in which a pattern of the user's is searched at once."""
