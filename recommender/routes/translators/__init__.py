"""The translators that a route may use, and what guards them."""
