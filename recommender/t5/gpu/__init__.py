"""A pass of the model as a graph that a GPU runs alone: buffers, capture, and when it pays."""
