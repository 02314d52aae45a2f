"""What a repeated segment weighs: much in a post that is mostly shared text, little in one that shares a footer."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from postlint.corpus import Corpus
from postlint.rules import Options
from postlint.shared_text import shared_text


def minor_posts(corpus: Corpus, options: Options) -> NDArray[np.bool_]:
    """For each post whether repeated segments in it are minor: its shared text stays below `minor-below`."""
    shared = shared_text(corpus, options["min-sentence-words"])
    return ~shared.stitched(options["minor-below"], options["min-post-words"], options["min-sentences"])
