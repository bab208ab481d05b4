"""Bought, in the cart, or only looked at: one item in each of these, and what it changes."""
