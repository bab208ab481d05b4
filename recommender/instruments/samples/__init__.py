"""What the model writes when left free, many times over."""
