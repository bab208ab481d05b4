"""Methods that learn from what a shop's customers did, and score all its items at once: `numbered.Scorer`s.

The popularity of items, who bought this bought that next, co-purchase, EASE and what becomes of things that were
looked at are counted here, in numpy; what was trained (`recommender.training.sequential`) is asked here, in numpy too.
"""
