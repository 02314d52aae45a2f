"""Violations that are known: the file that holds them, how it is held against a report, and how it is kept up."""
