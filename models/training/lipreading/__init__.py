"""A lip-reader that learns on rendered mouths, and what it teaches networks that move mouths."""
