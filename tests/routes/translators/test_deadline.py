"""One deadline for several calls."""

import time

from recommender.routes.translators.deadline import shared_deadline, spending


def test_calls_of_one_request_share_their_time() -> None:
    with shared_deadline():
        with spending(8.0) as left:
            assert left == 8.0
            time.sleep(0.01)
        with spending(8.0) as left:
            assert left <= 7.99


def test_calls_by_themselves_and_other_requests_have_all_of_it() -> None:
    with spending(8.0):
        time.sleep(0.001)
    for _ in range(2):
        with shared_deadline(), spending(8.0) as left:
            assert left == 8.0
            time.sleep(0.001)
