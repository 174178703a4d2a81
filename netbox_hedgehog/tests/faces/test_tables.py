"""Tables: every column that can be sorted by is, and every row is rendered."""

import pytest
from django.utils import timezone
from utilities.testing import TableTestCases, TestCase

from netbox_hedgehog import tables
from netbox_hedgehog.models import RESOURCE_MODELS, VPC, SyncState, SyncStatusChoices
from netbox_hedgehog.tests.specimens import make_fabric, make_resources

_NAMES = (
    'GitCredentialTable',
    'GitRepositoryTable',
    'HedgehogFabricTable',
    'PendingChangeTable',
    'SyncRunTable',
    *(f'{model.__name__}Table' for model in RESOURCE_MODELS),
)


def _tests_of(name):
    attributes = {'table': getattr(tables, name), '__module__': __name__}
    return type(f'{name}Tests', (TableTestCases.StandardTableTestCase,), attributes)


globals().update({f'{name}Tests': _tests_of(name) for name in _NAMES})


class ResourceRowTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        make_resources(VPC, make_fabric())
        states = SyncState.objects.filter(kind='VPC')
        states.filter(name='item-1').update(status='synced', path='managed/vpcs/item-1.yaml', commit='a' * 40)
        states.filter(name='item-2').delete()

    def test_a_row_shows_the_columns_of_its_kind_and_how_it_stands(self):
        table = tables.VPCTable(VPC.objects.with_sync().select_related('fabric').prefetch_related('tags'))
        with self.assertNumQueries(2):  # the rows and their tags
            cells = {row.record.name: dict(row.items()) for row in table.rows}
        row = {column.name: str(cell) for column, cell in cells['item-1'].items()}
        assert '10.0.233.0/24 vlan 1001' in row['spec_subnets']
        assert str(dict(SyncStatusChoices)['synced']) in row['sync_status']
        assert (row['path'], row['commit']) == ('managed/vpcs/item-1.yaml', 'a' * 12)
        assert f'{timezone.now():%Y-}' in row['since']
        row = {column.name: str(cell) for column, cell in cells['item-2'].items()}
        assert 'Unknown' in row['sync_status']
        assert row['since'] == '—'

    def test_an_export_holds_plain_values(self):
        header, *rows = tables.VPCTable(VPC.objects.with_sync()).as_values(exclude_columns={'pk', 'actions'})
        row = next(dict(zip(header, row, strict=True)) for row in rows if 'item-1' in row)
        assert (row['Git'], row['Commit']) == ('synced', 'a' * 40)


@pytest.mark.parametrize('model', RESOURCE_MODELS)
def test_a_list_shows_every_column_of_its_kind(model):
    columns = getattr(tables, f'{model.__name__}Table').base_columns
    assert [name for name in columns if name.startswith('spec_')] == [f'spec_{c.key}' for c in model.kind.columns]
