"""The editor server: posts judged as they are typed, against the index of their corpus."""
