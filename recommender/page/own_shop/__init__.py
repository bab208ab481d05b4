"""The panel *My shop*: bringing a shop in, training it, and what came of it."""
