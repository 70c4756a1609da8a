"""Speech recordings in, neutral lipsync out: engine, disk cache and list of models."""
