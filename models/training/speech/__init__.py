"""The speech model that ships: its clips, its loop, and the constants of its readout."""
