"""Everything that trains or judges networks; nothing of the program imports it.

What ships: `speech` (the default speech model), `residual` (what an emotion adds) and `lipreading` (an expert
that watches others learn). `corpus` speaks the timed sentences they learn from, `emotional_speech` acts them.

What researchers use: `lab` trains the networks of `models.toolbox`, `reports` judges them, `experiments`
compares recipes, `synthetic` makes corpora with exact ground truth, `importing` reads published checkpoints.

What they read and measure: `datasets`, `pickles`, `landmarks`, `metrics`.
"""
