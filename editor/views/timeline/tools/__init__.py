"""What a pressed mouse button does: one small object for each kind of drag."""
