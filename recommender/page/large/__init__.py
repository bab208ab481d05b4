"""A catalogue too large for boxes: searching it, what was chosen from it, what was seen lately."""
