"""The same basket by recommenders without a language model."""
