"""Pickles as data: read without running what is in them."""
