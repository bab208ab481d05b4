"""What the customers of a shop did, over time."""
