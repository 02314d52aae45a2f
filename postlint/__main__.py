"""`python -m postlint`."""

from __future__ import annotations

from postlint.cli import main

if __name__ == "__main__":
    main()
