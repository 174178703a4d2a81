"""The page of a resource shows the last good text of its manifest, and says where Git may hold another one."""

from unittest.mock import patch

from utilities.testing import TestCase

from netbox_hedgehog.models import VPC, SyncState
from netbox_hedgehog.tests.faces.fabric_state import COMMIT, settle
from netbox_hedgehog.tests.specimens import make_fabric, make_resource

TEXT = 'kind: VPC\nmetadata: {name: item-1}\n'
REASON = 'managed/vpcs/item-1.yaml, line 3: this is not YAML'
PLACE = {'path': 'managed/vpcs/item-1.yaml', 'commit': COMMIT, 'manifest': TEXT}


class ManifestNoteTests(TestCase):
    user_permissions = ('netbox_hedgehog.view_vpc',)

    @classmethod
    def setUpTestData(cls):
        cls.fabric = make_fabric()
        cls.vpc = make_resource(VPC, cls.fabric)

    def page(self, **state):
        settle(self.fabric, **PLACE, **state)
        assert SyncState.objects.filter(fabric=self.fabric).exists()
        return self.client.get(self.vpc.get_absolute_url()).content.decode().partition('Manifest in Git')[2]

    def test_a_file_that_cannot_be_read(self):
        panel = self.page(status='quarantined', reason=REASON)
        note, _, text = panel.partition('<pre')
        assert 'This is the last text that could be read.' in note
        assert REASON in note
        assert f'href="{self.fabric.get_absolute_url()}"' in note
        assert 'metadata: {name: item-1}' in text

    def test_a_resource_that_is_held(self):
        note = self.page(status='held', reason='It is gone from Git together with many others.').partition('<pre')[0]
        assert 'both sides agreed on' in note
        assert 'gone from Git together' in note

    def test_on_github_the_note_leads_to_the_file(self):
        with patch('netbox_hedgehog.views.resources.file_url', return_value='https://github.example.com/x'):
            assert 'href="https://github.example.com/x"' in self.page(status='quarantined', reason=REASON)

    def test_of_a_text_that_is_the_one_in_git_nothing_is_said(self):
        assert 'The last text' not in self.page(status='synced')
        assert 'What needs attention in this fabric' not in self.page(status='pending')
