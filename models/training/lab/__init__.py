"""Training, resuming and judging the networks of `models.toolbox` on any dataset that has a reader."""
