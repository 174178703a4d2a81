"""What a pass over a fabric on GitHub costs, in requests: the cost follows the change."""

from itertools import takewhile

from django.test import TestCase

from netbox_hedgehog.models import Server, SyncRun
from netbox_hedgehog.tests.sync.base import DIRECTORY
from netbox_hedgehog.tests.sync.github_base import GitHubFixture

MANY = 300


def manifest(name: str) -> bytes:
    return (
        f'apiVersion: wiring.githedgehog.com/v1beta1\nkind: Server\nmetadata:\n  name: {name}\n'
        f'spec:\n  description: Rack of {name}\n'
    ).encode()


def servers(count: int) -> dict[str, bytes]:
    return {
        f'{DIRECTORY}/managed/servers/server-{number:05}.yaml': manifest(f'server-{number:05}')
        for number in range(count)
    }


class SmallFabricTests(GitHubFixture, TestCase):
    files = servers(3)

    def setUp(self):
        super().setUp()
        self.sync()
        # The first pass has made a commit: the next one reads the branch and keeps the entity tag of the answer.
        self.sync()

    def edit(self, count: int = 1):
        for number in range(count):
            row = Server.objects.filter(fabric=self.fabric, name=f'server-{number:05}').first()
            row = row or Server(fabric=self.fabric, namespace='default', name=f'server-{number:05}')
            row.spec = {'description': f'Edited {number}'}
            row.save()

    def test_a_pass_without_work_is_one_request_answered_with_not_modified(self):
        before = SyncRun.objects.count()
        assert self.requests_of() == ['GET git/get-ref 304']
        run = SyncRun.objects.first()
        assert (run.requests, SyncRun.objects.count()) == (1, before + 1)

    def test_one_file_is_committed_with_four_requests(self):
        self.edit()
        requests = self.requests_of()
        assert len(requests) <= 4, requests
        assert self.remote.files()[f'{DIRECTORY}/managed/servers/server-00000.yaml'].count(b'Edited 0') == 1

    def test_a_thousand_files_are_one_commit_and_fifteen_requests(self):
        self.edit(3)
        # Rows that go the way of an import: captured like saves, without the judgement of each among all others.
        Server.objects.bulk_create(
            Server(fabric=self.fabric, namespace='default', name=f'server-{number:05}', spec={'description': 'New'})
            for number in range(3, 1000)
        )
        before = len(self.remote.log('main'))
        requests = self.requests_of()
        assert len(requests) <= 15, requests
        assert len(self.remote.log('main')) == before + 1
        assert len(self.remote.files()) >= 1000

    def test_the_pass_after_a_commit_finds_nothing_and_says_nothing(self):
        self.edit()
        self.sync()
        requests = self.requests_of()
        assert requests in (['GET git/get-ref 200'], ['GET git/get-ref 304']), requests
        assert self.requests_of() == ['GET git/get-ref 304']


class FirstIngestTests(GitHubFixture, TestCase):
    """Far more files than are worth a request each; the backend's own tests count the same for ten thousand."""

    files = servers(MANY)

    def test_many_files_are_taken_over_and_one_changed_is_found_among_them(self):
        requests = self.reading_requests()
        assert len(requests) <= 5, requests
        assert Server.objects.filter(fabric=self.fabric).count() == MANY
        name = f'server-{MANY - 1:05}'
        path = f'{DIRECTORY}/managed/servers/{name}.yaml'
        self.remote.push({path: manifest(name) + b'  profile: new\n'}, 'By hand')
        requests = self.reading_requests()
        assert len(requests) <= 5, requests
        assert Server.objects.get(fabric=self.fabric, name=name).spec['profile'] == 'new'

    def reading_requests(self) -> list[str]:
        return list(takewhile(lambda request: request.startswith('GET'), self.requests_of()))
