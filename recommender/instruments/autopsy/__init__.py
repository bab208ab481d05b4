"""What became of the question on the way to the model and back."""
