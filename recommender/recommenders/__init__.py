"""Whatever orders what is on offer: the protocol and its answers, counting and overlap, and blends of two."""
