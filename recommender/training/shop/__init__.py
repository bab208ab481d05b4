"""Training a T5 on the sales of one shop, within minutes."""
