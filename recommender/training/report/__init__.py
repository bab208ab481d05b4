"""What is told of a checkpoint: its figures, its card and its scoreboard."""
