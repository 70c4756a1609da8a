"""Readers of published datasets: every one lists `Entry`s, and an entry loads a `Line`."""
