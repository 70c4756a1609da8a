"""What a living face does besides speaking and feeling: blinks, glances, motion of the head, breath."""
