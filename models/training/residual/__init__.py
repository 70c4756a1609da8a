"""The network of emotion residuals that ships: performances by rule, captures, and its training."""
