"""The commands of the command line, one module each, and what they share: they print, and nothing below them does."""
