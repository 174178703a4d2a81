"""Edits on both sides: different fields both survive, the same field is a conflict that a person settles."""

from django.test import TestCase

from netbox_hedgehog.models import VPC, Conflict, PendingChange, SyncState
from netbox_hedgehog.sync.resolve import resolve_conflicts
from netbox_hedgehog.tests.documents import VPC_BY_HAND
from netbox_hedgehog.tests.sync.base import SyncFixture


class BothSidesTests(SyncFixture, TestCase):
    def setUp(self):
        super().setUp()
        self.sync()
        self.file = self.path('managed/vpcs/vpc-01.yaml')
        self.hand_over('managed/vpcs/vpc-01.yaml', VPC_BY_HAND)

    def save(self, **fields):
        row = VPC.objects.get()
        row.spec['subnets']['default'] |= fields
        row.save()

    def push(self, old, new):
        self.work.pull()
        self.work.replace(self.file, old, new)
        return self.work.push()

    def vlan(self):
        return VPC.objects.get().spec['subnets']['default']['vlan']

    def test_edits_of_different_fields_both_survive(self):
        self.save(vlan=1011)
        self.push('gateway: 10.0.1.1', 'gateway: 10.0.1.9')
        self.sync()
        assert VPC.objects.get().spec['subnets']['default'] == {
            'vlan': 1011,
            'subnet': '10.0.1.0/24',
            'gateway': '10.0.1.9',
        }
        assert self.work.diff_lines() == ['-      vlan: 1001', '+      vlan: 1011']
        assert 'gateway: 10.0.1.9' in self.work.show(self.file)
        assert self.status_of('VPC', 'vpc-01') == 'synced'

    def test_the_same_edit_on_both_sides_agrees_without_a_commit(self):
        self.save(vlan=1011)
        commit = self.push('vlan: 1001', 'vlan: 1011')
        self.sync()
        assert self.work.commits()[0] == commit
        assert self.status_of('VPC', 'vpc-01') == 'synced'
        assert PendingChange.objects.count() == 0

    def clash(self):
        self.save(vlan=1011)
        commit = self.push('vlan: 1001', 'vlan: 1021')
        self.sync()
        return commit

    def test_different_edits_of_one_field_are_a_conflict_and_neither_side_is_overwritten(self):
        commit = self.clash()
        assert self.work.commits()[0] == commit
        assert 'vlan: 1021' in self.work.show(self.file)
        assert self.vlan() == 1011
        assert self.status_of('VPC', 'vpc-01') == 'conflict'
        conflict = Conflict.objects.get()
        assert conflict.path == '/spec/subnets/default/vlan'
        assert (conflict.base, conflict.ours, conflict.theirs) == ({'value': 1001}, {'value': 1011}, {'value': 1021})

    def test_a_conflict_stays_through_further_passes_and_keeps_other_fields_going(self):
        self.clash()
        self.sync()
        self.push('gateway: 10.0.1.1', 'gateway: 10.0.1.9')
        self.sync()
        assert VPC.objects.get().spec['subnets']['default']['gateway'] == '10.0.1.9'
        assert self.vlan() == 1011
        assert self.status_of('VPC', 'vpc-01') == 'conflict'
        assert Conflict.objects.count() == 1

    def test_settling_for_netbox_commits_its_value(self):
        self.clash()
        assert resolve_conflicts(self.fabric, 'VPC', 'default', 'vpc-01', 'netbox') == 1
        self.sync()
        assert self.work.diff_lines() == ['-      vlan: 1021', '+      vlan: 1011']
        assert self.status_of('VPC', 'vpc-01') == 'synced'
        assert Conflict.objects.count() == PendingChange.objects.count() == 0

    def test_settling_for_git_changes_the_row_without_a_commit(self):
        commit = self.clash()
        resolve_conflicts(self.fabric, 'VPC', 'default', 'vpc-01', 'git', path='/spec/subnets/default/vlan')
        self.sync()
        assert self.work.commits()[0] == commit
        assert self.vlan() == 1021
        assert self.status_of('VPC', 'vpc-01') == 'synced'

    def test_a_decision_about_values_that_moved_since_is_not_carried_out(self):
        self.clash()
        resolve_conflicts(self.fabric, 'VPC', 'default', 'vpc-01', 'netbox')
        self.push('vlan: 1021', 'vlan: 1031')
        self.sync()
        assert 'vlan: 1031' in self.work.show(self.file)
        assert self.status_of('VPC', 'vpc-01') == 'conflict'
        assert Conflict.objects.get().theirs == {'value': 1031}

    def test_making_both_sides_equal_by_hand_ends_the_conflict(self):
        self.clash()
        self.save(vlan=1021)
        self.sync()
        assert self.status_of('VPC', 'vpc-01') == 'synced'
        assert Conflict.objects.count() == 0

    def test_edited_here_and_deleted_there_is_a_conflict(self):
        self.save(vlan=1011)
        self.work.pull()
        self.work.remove(self.file)
        commit = self.work.push()
        self.sync()
        assert self.work.commits()[0] == commit
        assert self.vlan() == 1011
        assert self.status_of('VPC', 'vpc-01') == 'conflict'
        resolve_conflicts(self.fabric, 'VPC', 'default', 'vpc-01', 'netbox')
        self.sync()
        assert 'vlan: 1011' in self.work.show(self.file)
        assert self.status_of('VPC', 'vpc-01') == 'synced'

    def test_deleted_here_and_edited_there_is_a_conflict(self):
        VPC.objects.get().delete()
        commit = self.push('vlan: 1001', 'vlan: 1021')
        self.sync()
        assert self.work.commits()[0] == commit
        assert VPC.objects.count() == 0
        assert self.status_of('VPC', 'vpc-01') == 'conflict'
        resolve_conflicts(self.fabric, 'VPC', 'default', 'vpc-01', 'git')
        self.sync()
        assert self.vlan() == 1021
        assert self.status_of('VPC', 'vpc-01') == 'synced'

    def test_deleted_on_both_sides_leaves_nothing_behind(self):
        VPC.objects.get().delete()
        self.work.pull()
        self.work.remove(self.file)
        self.work.push()
        self.sync()
        assert SyncState.objects.count() == PendingChange.objects.count() == 0

    def test_two_additions_of_one_name_unite_or_conflict(self):
        VPC.objects.create(fabric=self.fabric, name='vpc-02', spec={'subnets': {'a': {'vlan': 5}}})
        self.work.pull()
        text = VPC_BY_HAND.replace('vpc-01', 'vpc-02').replace('    default:   # the first', '    a:')
        self.work.write(self.path('managed/vpcs/vpc-02.yaml'), text)
        self.work.push()
        self.sync()
        conflict = Conflict.objects.get()
        assert conflict.path == '/spec/subnets/a/vlan'
        assert conflict.base == {}
        row = VPC.objects.get(name='vpc-02')
        assert row.spec['subnets']['a']['gateway'] == '10.0.1.1'
        assert row.spec['subnets']['a']['vlan'] == 5
