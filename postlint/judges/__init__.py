"""The comparisons of `checks`, for one post that is judged by an index: a module here for each check of corpus scope.

What a judge finds in a post is what its check finds in it when all posts are compared; `tests/test_index.py` holds them
to it. No module here imports numpy.
"""
