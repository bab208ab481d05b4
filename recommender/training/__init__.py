"""Training: the compact model from nothing, and fine-tuning any T5 on a file of purchases."""

from recommender.training.options import TrainOptions
from recommender.training.run import run

__all__ = ["TrainOptions", "run"]
