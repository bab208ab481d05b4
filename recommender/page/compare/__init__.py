"""Two side by side: what is compared, its answer, and what differs."""
