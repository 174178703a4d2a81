"""A directory taken over: everything that lies there becomes an object, and nothing else happens."""

from pathlib import Path

import pytest
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from netbox_hedgehog.manifests import parse
from netbox_hedgehog.models import (
    RESOURCE_MODELS,
    VPC,
    Connection,
    GitFile,
    Server,
    Switch,
    SwitchGroup,
    SyncRun,
    SyncState,
    SyncStatusChoices,
)
from netbox_hedgehog.reconcile import content_of
from netbox_hedgehog.tests.documents import VPC_BY_HAND, vpc, wiring
from netbox_hedgehog.tests.sync.base import SyncFixture

CANONICAL = Path(__file__).parents[4] / 'shared' / 'reference' / 'samples' / 'canonical'


def writes(queries) -> list[str]:
    verbs = ('INSERT', 'UPDATE', 'DELETE')
    return [query['sql'] for query in queries if query['sql'].startswith(verbs)]


class TakingOverTests(SyncFixture, TestCase):
    def drop(self, files: dict[str, str]):
        for name, text in files.items():
            self.work.write(self.path(f'raw/{name}'), text)
        self.work.push('Drop the wiring')
        before = len(self.work.commits())
        self.sync()
        return len(self.work.commits()) - before

    def assert_taken_over(self):
        managed = self.work.files(below=self.path('managed/'))
        manifests = [path for path in managed if path.endswith('.yaml')]
        counts = {}
        for path in manifests:
            counts[path.split('/')[4]] = counts.get(path.split('/')[4], 0) + 1
        assert counts == {'connections': 26, 'servers': 10, 'switches': 7, 'switchgroups': 3, 'vpcs': 2}
        assert self.work.files(below=self.path('raw/')) == [self.path('raw/.gitkeep')]
        assert self.work.files(below=self.path('unmanaged/')) == [self.path('unmanaged/.gitkeep')]
        rows = {model.kind.plural: model.objects.count() for model in RESOURCE_MODELS if model.objects.exists()}
        assert rows == counts
        assert SyncState.objects.filter(status=SyncStatusChoices.PENDING).count() == 0
        for path in manifests:
            file = parse(path, self.work.show(path).encode())
            (document,) = file.documents
            row = next(m for m in RESOURCE_MODELS if m.kind == document.kind).objects.get(name=document.identity.name)
            assert row.content == content_of(document.content), path

    def assert_second_sync_is_silent(self):
        commits = self.work.commits()
        with CaptureQueriesContext(
            connection,
        ) as captured:
            self.sync()
        assert self.work.commits() == commits
        assert [sql for sql in writes(captured.captured_queries) if SyncRun._meta.db_table not in sql] == []

    def test_many_documents_in_one_file_become_one_file_each_in_one_commit(self):
        assert self.drop({'prepop.yaml': wiring(), 'a.yaml': vpc('vpc-01', 1), 'b.yml': vpc('vpc-02', 2)}) == 1
        self.assert_taken_over()
        self.assert_second_sync_is_silent()
        self.work.fsck()

    def test_the_canonical_data_set(self):
        if not CANONICAL.is_dir():
            pytest.skip(f'{CANONICAL} is not here; the data set of the same shape above is')
        assert self.drop({path.name: path.read_text() for path in CANONICAL.glob('*.yaml')}) == 1
        self.assert_taken_over()
        self.assert_second_sync_is_silent()

    def test_an_empty_repository_is_initialised_in_one_commit(self):
        self.sync()
        assert len(self.work.commits()) == 1
        directories = {Path(path).parent.name for path in self.work.files() if path.endswith('.gitkeep')}
        assert directories == {'raw', 'unmanaged', *(model.kind.plural for model in RESOURCE_MODELS)}
        assert self.work.message().startswith('Initialise the directory of fabric DC1')
        self.assert_second_sync_is_silent()

    def test_taken_over_documents_say_where_they_belong(self):
        self.drop({'vpc.yaml': VPC_BY_HAND})
        text = self.work.show(self.path('managed/vpcs/vpc-01.yaml'))
        assert 'hnp.githedgehog.com/managed-by: hedgehog-netbox-plugin' in text
        assert 'hnp.githedgehog.com/fabric: DC1' in text
        assert text.startswith('# The production network.')
        assert text.endswith('# The end.\n')
        assert "subnet: '10.0.1.0/24'" in text
        assert VPC.objects.get().annotations == {'example.com/owner': 'team-a'}

    def test_managed_files_of_an_existing_directory_are_adopted_as_they_are(self):
        path = self.path('managed/vpcs/by-another-name.yaml')
        self.work.write(path, VPC_BY_HAND)
        self.work.push()
        self.sync()
        assert VPC.objects.get().name == 'vpc-01'
        assert self.work.show(path) == VPC_BY_HAND
        assert SyncState.objects.get().path == 'managed/vpcs/by-another-name.yaml'
        self.assert_second_sync_is_silent()

    def test_loose_yaml_in_the_directory_is_taken_over_and_other_files_stay(self):
        self.work.write(self.path('vpc.yaml'), vpc('vpc-01'))
        self.work.write(self.path('values.yaml'), 'replicas: 3\n')
        self.work.write(self.path('notes.txt'), 'mine\n')
        self.work.push()
        self.sync()
        names = self.work.files(below=self.path(''))
        assert self.path('vpc.yaml') not in names
        assert self.path('managed/vpcs/vpc-01.yaml') in names
        assert self.work.show(self.path('values.yaml')) == 'replicas: 3\n'
        assert self.work.show(self.path('notes.txt')) == 'mine\n'

    def test_nothing_outside_the_directory_is_touched(self):
        self.work.write('other/vpc.yaml', vpc('vpc-09', 9))
        self.work.write('fabrics/dc1/gitops-2/raw/vpc.yaml', vpc('vpc-08', 8))
        self.work.push()
        self.sync()
        assert VPC.objects.count() == 0
        assert all(line.split()[1].startswith(self.path('')) for line in self.work.changed_files())

    def test_both_sides_are_united_when_netbox_already_has_objects(self):
        self.pause()
        Server.objects.create(fabric=self.fabric, name='server-99', spec={'description': 'only here'})
        SwitchGroup.objects.create(fabric=self.fabric, name='group-1')
        type(self.fabric).objects.update(mode='active')
        self.drop({'wiring.yaml': wiring()})
        assert Server.objects.count() == 11
        assert Switch.objects.count() == 7
        assert Connection.objects.count() == 26
        assert self.path('managed/servers/server-99.yaml') in self.work.files()
        self.assert_second_sync_is_silent()

    def test_every_file_of_the_directory_is_remembered_with_its_blob(self):
        self.drop({'wiring.yaml': wiring(1, 1, 1, 1)})
        names = [path.removeprefix(self.path('')) for path in self.work.files(below=self.path(''))]
        assert sorted(GitFile.objects.values_list('path', flat=True)) == sorted(names)
