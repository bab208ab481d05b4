"""Results of an evaluation: what is printed, and what is shipped with a checkpoint and shown."""
