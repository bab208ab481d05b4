"""Whatever orders what is on offer: the protocol and its answers, a module for each recommender, and their registry.

Each gives every candidate a probability above 0, so that blends and logarithms stay finite, and none reads the order of
the candidates but to break ties. An item that no training row holds is ranked too: by what little is known of it.
"""
