"""Checks: what findings are made by. A module each with `bind(options, as_of)`; rules name the module."""
