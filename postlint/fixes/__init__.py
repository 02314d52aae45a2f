"""Fixes: how a violation can be mended without its author, one module an edit; a rule's file names the one it has.

Each module has `edits(post: Post, at: Target, parameters: Mapping[str, Any]) -> Sequence[Edit]`: what to change in the
source of the post, nothing where it is not certain.
"""
