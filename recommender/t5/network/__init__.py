"""The computation itself: weights, attention, and the forward pass over them."""
