"""A shop: its items and catalogue, its customers' baskets, and the tables that people bring."""
