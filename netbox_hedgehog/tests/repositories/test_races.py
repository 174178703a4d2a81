"""Writers that know nothing of each other lose no update."""

from concurrent.futures import ThreadPoolExecutor

from netbox_hedgehog.repositories import HeadMoved

from .git_host import git, listing

WRITERS, COMMITS = 4, 2


def test_no_update_is_lost_between_several_writers(place):
    place.seed({'seed': b'seed'})

    def write(writer: int) -> int:
        retries = 0
        for number in range(COMMITS):
            while True:
                try:
                    with place.open() as repository:
                        head = repository.head()
                        place.commit({f'{writer}/{number}': b'x', 'log': b'%d' % writer}, head, repository=repository)
                except HeadMoved:
                    retries += 1
                else:
                    break
        return retries

    with ThreadPoolExecutor(WRITERS) as writers:
        list(writers.map(write, range(WRITERS)))
    head = place.head()
    assert set(listing(place.path, head)) == {'seed', 'log'} | {
        f'{writer}/{number}' for writer in range(WRITERS) for number in range(COMMITS)
    }
    assert git(place.path, 'rev-list', '--count', '--no-merges', head) == str(1 + WRITERS * COMMITS)


def test_one_of_several_first_commits_wins(place):
    def write(writer: int) -> str:
        try:
            return place.commit({'a': b'%d' % writer}, None)
        except HeadMoved:
            return ''

    with ThreadPoolExecutor(WRITERS) as writers:
        written = {sha for sha in writers.map(write, range(WRITERS)) if sha}
    assert written == {place.head()}


def test_a_writer_using_git_itself_is_a_writer_like_any_other(place):
    head = place.seed({'a': b'1'})
    with place.open() as repository:
        for number in range(3):
            place.seed({f'git/{number}': b'x'}, onto=head)
            try:
                place.commit({f'ours/{number}': b'x'}, head, repository=repository)
            except HeadMoved as moved:
                head = place.commit({f'ours/{number}': b'x'}, moved.found, repository=repository)
    assert len(listing(place.path, place.head())) == 7
