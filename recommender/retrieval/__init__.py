"""From a catalogue of any size to the few items worth ranking: two towers and their index.

`content` makes queries of what the items' names mean, `together` knows what sales say of each pair, `index` finds the
nearest vectors, `towers` blends all that into an order, and `folder` keeps it on disk. A model without item vectors has
`names`.
"""
