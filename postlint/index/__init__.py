"""The index of a corpus on disk: what one post needs to be judged against all others, without reading them."""
