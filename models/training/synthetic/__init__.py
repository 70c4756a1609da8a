"""``main.py synthesize``: corpora whose ground truth is exact, in the layouts of published datasets."""
