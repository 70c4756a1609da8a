"""``main.py evaluate --data``: networks beside the truth, in figures, pictures and films."""
