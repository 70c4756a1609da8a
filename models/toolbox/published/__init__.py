"""Networks whose tensors carry the names and shapes of published checkpoints, written after the papers."""
