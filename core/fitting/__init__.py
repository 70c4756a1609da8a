"""Registering the default head onto a head without shapes, and carrying its channels over."""
