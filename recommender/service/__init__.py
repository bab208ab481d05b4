"""One request in, one answer out: everything that the page and the command line show.

Request -> catalogue, basket by id, candidates -> a route of `routes` -> Answer
"""

from recommender.service.answer import Answer
from recommender.service.explanation import Explanation
from recommender.service.model import Model
from recommender.service.request import MAX_ITEMS, Request, check_route, find_all
from recommender.service.resolved import Found
from recommender.service.routed import RoutedRecommender
from recommender.service.serving import Service

__all__ = [
    "MAX_ITEMS", "Answer", "Explanation", "Found", "Model", "Request", "RoutedRecommender", "Service", "check_route",
    "find_all",
]  # fmt: skip
