"""The default head: sculpted as a distance field, wrapped by a template, rigged by handles on its curves."""
