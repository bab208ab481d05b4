"""One recommender asked many things."""

from recommender.recommenders.many import rank_all
from recommender.recommenders.ranking import RankRequest
from tests.recommenders.letters import ITEMS, UP, Batched, Fixed


def test_many_requests_go_through_rank_many_where_there_is_one() -> None:
    requests, told = [RankRequest([], ITEMS)] * 40, list[int]()
    batched, single = Batched(UP), Fixed(UP)
    assert rank_all(batched, requests, told.append) == rank_all(single, requests)
    assert batched.asked == told == [32, 8]
    assert len(single.asked) == 40
