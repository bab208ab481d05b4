"""The T5 recommender: loading, the prefix tree, exact scoring, free generation."""

from recommender.t5.loading import load
from recommender.t5.model import Answered, T5Recommender

__all__ = ["Answered", "T5Recommender", "load"]
