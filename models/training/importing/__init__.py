"""``main.py import``: checkpoints that others published become motion models."""
