"""Why the model says what it says: instruments over any recommender, each asked in one batch.

leave_one_out   what each bought item adds to the recommended one, or to one candidate rather than another
orders          the same question with the candidates, or the purchases, in other orders
Pool.nearest    the training purchases that are most like the basket
beside          the same basket by recommenders without a language model, and a blend with them
samples         what the model writes when left free, many times over
"""

from recommender.explain.leave_one_out import Influence, LeaveOneOut, leave_one_out
from recommender.explain.neighbours import Neighbour, Neighbours, Pool
from recommender.explain.orders import Orders, Spread, orders
from recommender.explain.others import Fitted, Others, beside
from recommender.explain.samples import Samples, samples

__all__ = [
    "Fitted", "Influence", "LeaveOneOut", "Neighbour", "Neighbours", "Orders", "Others", "Pool", "Samples", "Spread",
    "beside", "leave_one_out", "orders", "samples",
]  # fmt: skip
