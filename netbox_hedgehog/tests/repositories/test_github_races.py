"""Writers that know nothing of each other, on one branch of GitHub: nothing is lost, and history stays one line."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from netbox_hedgehog.repositories import HeadMoved
from netbox_hedgehog.repositories.github import BranchMemory
from netbox_hedgehog.tests.github import FaultKind

WRITERS = 3
BATCHES = 67


def write(hub, writer: int, batches: int) -> list[str]:
    """Make so many commits, each again from the head after a lost race; return them."""
    memory, made = BranchMemory(), []
    for number in range(batches):
        changes = {f'{writer}/{number}': b'%d' % number, 'shared': b'%d/%d' % (writer, number)}
        while True:
            with hub.open(memory=memory) as repository:
                head = repository.head()
                try:
                    made.append(hub.commit(changes, head, repository=repository, message=f'{writer}/{number}'))
                    break
                except HeadMoved:
                    continue
    return made


@pytest.mark.parametrize('graphql', [True, False], ids=['compare-and-swap', 'fast-forward'])
def test_two_hundred_batches_of_three_writers_are_one_line_of_commits(hub, graphql):
    if not graphql:
        hub.fail(FaultKind.FORBIDDEN, operation='graphql/updateRefs', times=10**6)
    batches = BATCHES if graphql else 10
    with ThreadPoolExecutor(WRITERS) as writers:
        made = list(writers.map(lambda writer: write(hub, writer, batches), range(WRITERS)))
    line = [commit.id.decode() for commit in hub.hosted.log()]
    assert len(line) == 1 + WRITERS * batches
    assert set(line[1:]) == {sha for commits in made for sha in commits}
    wanted = {f'{writer}/{number}' for writer in range(WRITERS) for number in range(batches)}
    assert set(hub.hosted.files()) == {'README.md', 'shared'} | wanted
    assert all(len(commit.parents) == 1 for commit in hub.hosted.log()[1:])


def test_writers_with_lagging_reads_lose_nothing(hub):
    hub.hosted.push({'theirs': b'1'})
    hub.forge.stale_reads(40)
    with ThreadPoolExecutor(WRITERS) as writers:
        list(writers.map(lambda writer: write(hub, writer, 5), range(WRITERS)))
    assert len(hub.hosted.log()) == 2 + WRITERS * 5
