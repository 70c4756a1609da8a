"""Mesh files: one reader a format, one writer for OBJ; vertex order and polygons are never changed."""
