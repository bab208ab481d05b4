"""The training purchases that are most like the basket."""
