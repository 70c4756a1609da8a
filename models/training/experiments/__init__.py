"""Recipes trained and judged side by side."""
