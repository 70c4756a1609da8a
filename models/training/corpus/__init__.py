"""Sentences of a grammar spoken by synthesisers, and recordings, with the times of their phones."""
