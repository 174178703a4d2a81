"""A limit of GitHub is never overrun, and a storm of edits is late rather than refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netbox_hedgehog.repositories.github import Spending
from netbox_hedgehog.repositories.github.budget import (
    HOUR,
    POINTS_PER_MINUTE,
    WRITES_PER_HOUR,
    WRITES_PER_MINUTE,
    Admitted,
    Budget,
    Postponed,
    Quota,
    admit,
    commit_window,
    note,
)

NOW = 1_800_000_000.0
DAY = 24 * HOUR


def used(writes: int, *, every: float = 1, until: float = NOW) -> Budget:
    return Budget(writes=tuple(until - every * index for index in reversed(range(writes))))


def test_an_unused_budget_admits_at_once():
    decision = admit(Budget(), Spending.WRITE, NOW)
    assert isinstance(decision, Admitted)
    assert decision.pause_seconds == 0
    assert decision.budget.writes == (NOW,)


def test_what_is_free_is_not_counted():
    assert admit(Budget(), Spending.FREE, NOW) == Admitted(Budget(), 0)


def test_a_batch_that_cannot_be_completed_within_the_hour_is_not_begun():
    budget = used(445, every=8)
    assert isinstance(admit(budget, Spending.WRITE, NOW, further_writes=2), Admitted)
    decision = admit(budget, Spending.WRITE, NOW, further_writes=9)
    assert decision == Postponed(budget.writes[4] + HOUR)


def test_a_batch_larger_than_the_hour_begins_with_a_whole_hour():
    assert isinstance(admit(Budget(), Spending.WRITE, NOW, further_writes=2000), Admitted)
    assert isinstance(admit(used(1), Spending.WRITE, NOW, further_writes=2000), Postponed)


def test_people_may_use_the_reserve():
    budget = used(460, every=7)
    assert isinstance(admit(budget, Spending.WRITE, NOW), Postponed)
    assert isinstance(admit(budget, Spending.WRITE, NOW, for_people=True), Admitted)


def test_many_writes_follow_each_other_by_the_second():
    budget, now, pauses = Budget(), NOW, []
    for _ in range(15):
        decision = admit(budget, Spending.WRITE, now)
        assert isinstance(decision, Admitted)
        budget, now = decision.budget, now + decision.pause_seconds
        pauses.append(decision.pause_seconds)
    assert pauses == [0] * 10 + [1] * 5


@pytest.mark.parametrize(
    ('headers', 'until'),
    [
        pytest.param({'retry-after': '30', 'x-ratelimit-remaining': '0'}, NOW + 30, id='retry-after comes first'),
        pytest.param(
            {'x-ratelimit-remaining': '0', 'x-ratelimit-reset': str(int(NOW) + 900)}, NOW + 900, id='then the reset'
        ),
        pytest.param({}, NOW + 60, id='then a minute'),
        pytest.param({'retry-after': '9' * 5_000}, NOW + DAY, id='never more than a day'),
        pytest.param(
            {'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '9' * 30}, NOW + DAY, id='nor is a reset later'
        ),
        pytest.param({'retry-after': '²'}, NOW + 60, id='what is no number names no time'),
    ],
)
def test_a_refusal_closes_the_account_for_the_time_that_github_names(headers, until):
    budget = note(Budget(), headers, NOW, limited=True, resource='core')
    assert admit(budget, Spending.READ, NOW) == Postponed(until)
    assert isinstance(admit(budget, Spending.READ, until), Admitted)


def test_refusals_in_a_row_wait_longer_each_time_and_an_answer_ends_the_row():
    budget, waits = Budget(), []
    for _ in range(3):
        budget = note(budget, {}, NOW, limited=True, resource='core')
        waits.append(budget.closed_until - NOW)
    assert waits == [60, 120, 240]
    assert note(budget, {}, NOW, limited=False, resource='core').refusals == 0


def test_a_row_of_refusals_without_end_waits_an_hour_each_time():
    assert note(Budget(refusals=10_000), {}, NOW, limited=True, resource='core').closed_until == NOW + HOUR


def test_the_primary_limit_leaves_a_tenth_to_people():
    headers = {'x-ratelimit-limit': '5000', 'x-ratelimit-remaining': '500', 'x-ratelimit-reset': str(int(NOW) + 600)}
    budget = note(Budget(), headers, NOW, limited=False, resource='core')
    assert admit(budget, Spending.READ, NOW) == Postponed(NOW + 600)
    assert isinstance(admit(budget, Spending.READ, NOW, for_people=True), Admitted)
    assert isinstance(admit(budget, Spending.MUTATION, NOW), Admitted), 'GraphQL has an account of its own'


def test_headers_that_are_no_numbers_say_nothing():
    assert note(Budget(), {'x-ratelimit-limit': 'many'}, NOW, limited=False, resource='core') == Budget()


@pytest.mark.parametrize('reset', ['9' * 30, '9' * 5_000])
def test_no_time_further_than_a_day_ahead_is_believed(reset):
    headers = {'x-ratelimit-limit': '5000', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset}
    budget = note(Budget(), headers, NOW, limited=False, resource='core')
    assert admit(budget, Spending.READ, NOW) == Postponed(NOW + DAY)
    assert commit_window(budget, 2, NOW) == DAY


def test_a_time_that_was_stored_is_not_believed_either():
    budget = Budget(quotas={'core': Quota(5000, 0, 1e30)}, closed_until=1e30)
    assert admit(budget, Spending.READ, NOW) == Postponed(NOW + DAY)


@pytest.mark.parametrize('writes', [0, 20, 45])
def test_the_window_is_the_fabrics_own_while_hardly_anything_is_used(writes):
    assert commit_window(used(writes), 2, NOW) == 2


def test_the_window_widens_with_use_to_a_pace_that_can_be_kept_for_ever():
    windows = [commit_window(used(count), 2, NOW) for count in (0, 60, 100, 200, 400)]
    assert len(set(windows[:4])) == 4
    assert windows == sorted(windows)
    assert windows[-1] == pytest.approx(HOUR * 4 / 450)


def test_a_window_wider_than_that_stays():
    assert commit_window(used(200), 120, NOW) == 120


def test_a_nearly_empty_primary_limit_widens_the_window_too():
    budget = Budget(quotas={'core': Quota(5000, 560, NOW + 1200)})
    assert commit_window(budget, 2, NOW) == pytest.approx(120)


@pytest.mark.parametrize('remaining', [0, 400, 499, 500, 501, 505])
def test_the_window_never_reaches_over_the_reset_of_the_primary_limit(remaining):
    budget = Budget(quotas={'core': Quota(5000, remaining, NOW + 3000)})
    assert commit_window(budget, 2, NOW) == 3000


def test_the_window_reaches_over_a_closed_account():
    assert commit_window(Budget(closed_until=NOW + 77), 2, NOW) == 77


@given(st.lists(st.tuples(st.sampled_from(list(Spending)), st.floats(0, 5), st.integers(0, 12)), max_size=400))
def test_no_sequence_of_requests_overruns_a_documented_limit(requests):
    budget, now = Budget(), NOW
    sent: list[tuple[float, Spending]] = []
    for spending, gap, further in requests:
        now += gap
        decision = admit(budget, spending, now, further_writes=further)
        if isinstance(decision, Postponed):
            assert decision.until > now
            continue
        budget, now = decision.budget, now + decision.pause_seconds
        sent.append((now, spending))
    points = {Spending.READ: 1, Spending.QUERY: 1, Spending.WRITE: 5, Spending.MUTATION: 5, Spending.FREE: 0}
    for moment, _ in sent:
        minute = [spending for when, spending in sent if moment - 60 < when <= moment]
        hour = [spending for when, spending in sent if moment - HOUR < when <= moment]
        assert sum(points[spending] for spending in minute) <= POINTS_PER_MINUTE
        assert sum(points[spending] == 5 for spending in minute) <= WRITES_PER_MINUTE
        assert sum(points[spending] == 5 for spending in hour) <= WRITES_PER_HOUR


@given(
    st.builds(
        Budget,
        quotas=st.dictionaries(
            st.sampled_from(['core', 'graphql']),
            st.builds(Quota, st.integers(0, 9999), st.integers(0, 9999), st.floats(0, 1e10)),
        ),
        writes=st.lists(st.floats(0, 1e10), max_size=5).map(tuple),
        points=st.lists(st.tuples(st.floats(0, 1e10), st.integers(0, 5)), max_size=5).map(tuple),
        closed_until=st.floats(0, 1e10),
        refusals=st.integers(0, 9),
    )
)
def test_what_is_stored_is_read_back(budget):
    assert Budget.from_json(budget.to_json()) == budget
