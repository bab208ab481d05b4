"""What goes with the last purchase, and what looks like it."""
