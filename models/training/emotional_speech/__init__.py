"""Neutral speech spoken anew with an emotion, to try out what the editor suggests."""
