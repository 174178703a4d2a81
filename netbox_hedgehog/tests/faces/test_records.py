"""The pages of runs and pending changes, and the reference of the kinds."""

from uuid import uuid4

from django.urls import reverse
from django.utils.html import escape
from utilities.testing import TestCase, ViewTestCases

from netbox_hedgehog.catalog import KINDS
from netbox_hedgehog.catalog.order import FieldOrder, spec_order
from netbox_hedgehog.catalog.rules import EVERY_KIND, rules_of
from netbox_hedgehog.models import VPC, PendingChange, RunStatusChoices, RunTriggerChoices, SyncRun
from netbox_hedgehog.tests.specimens import make_fabric, make_resources
from netbox_hedgehog.views.reference import fields_of

CHANGE = {
    'side': 'git',
    'action': 'write',
    'reason': 'sync',
    'path': 'managed/vpcs/item-1.yaml',
    'kind': 'VPC',
    'namespace': 'default',
    'name': 'item-1',
    'users': ['ada'],
    'changes': [1],
}
PROBLEM = {'path': 'raw/x.yaml', 'line': 3, 'column': 1, 'code': 'duplicate-key', 'message': 'Written twice.'}


class RecordViews(ViewTestCases.GetObjectViewTestCase, ViewTestCases.ListObjectsViewTestCase):
    __test__ = False

    def _get_base_url(self):
        return f'plugins:netbox_hedgehog:{self.model._meta.model_name}_{{}}'


class PendingChangeViews(RecordViews):
    __test__ = True
    model = PendingChange

    @classmethod
    def setUpTestData(cls):
        make_resources(VPC, make_fabric())
        PendingChange.objects.update(request_id=uuid4(), user_name='ada')


class SyncRunViews(RecordViews):
    __test__ = True
    model = SyncRun

    @classmethod
    def setUpTestData(cls):
        fabric = make_fabric()
        for status in (RunStatusChoices.SUCCESS, RunStatusChoices.ATTENTION, RunStatusChoices.FAILED):
            SyncRun.objects.create(
                fabric=fabric,
                trigger=RunTriggerChoices.SAVE,
                status=status,
                batch=uuid4(),
                counts={'files_written': 1, 'held': 2},
                changes=[CHANGE],
                problems=[PROBLEM],
                error='No route to host.' if status == RunStatusChoices.FAILED else '',
            )

    def test_a_run_names_no_resource_that_the_user_may_not_view(self):
        self.add_permissions('netbox_hedgehog.view_syncrun')
        page = self.client.get(SyncRun.objects.get(status='attention').get_absolute_url()).content.decode()
        assert 'managed/vpcs/item-1.yaml' not in page

    def test_a_run_shows_what_it_did_and_found(self):
        self.add_permissions('netbox_hedgehog.view_syncrun', 'netbox_hedgehog.view_vpc')
        page = self.client.get(SyncRun.objects.get(status='attention').get_absolute_url()).content.decode()
        for text in (
            'files written: 1, held: 2',
            'managed/vpcs/item-1.yaml',
            'VPC default/item-1',
            'ada',
            'Written twice.',
        ):
            assert text in page
        page = self.client.get(SyncRun.objects.get(status='failed').get_absolute_url()).content.decode()
        assert 'No route to host.' in page


class PendingChangePageTests(TestCase):
    def test_a_change_leads_to_its_resource_while_there_is_one(self):
        self.add_permissions('netbox_hedgehog.view_pendingchange')
        vpc, *_ = make_resources(VPC, make_fabric())
        change = PendingChange.objects.get(name='item-1')
        assert vpc.get_absolute_url() in self.client.get(change.get_absolute_url()).content.decode()
        VPC.objects.filter(pk=vpc.pk).delete()
        page = self.client.get(change.get_absolute_url()).content.decode()
        assert vpc.get_absolute_url() not in page
        assert 'item-1' in page


class KindReferenceTests(TestCase):
    def test_every_kind_has_its_page(self):
        for kind in KINDS.values():
            with self.subTest(kind=kind.name):
                response = self.client.get(reverse('plugins:netbox_hedgehog:kind_reference', args=[kind.model_name]))
                self.assertContains(response, kind.api_version)
                for path in list(fields_of(kind)):
                    self.assertContains(response, path['path'])

    def test_it_lists_the_rules_of_the_kind_and_those_of_every_kind(self):
        for kind in KINDS.values():
            with self.subTest(kind=kind.name):
                response = self.client.get(reverse('plugins:netbox_hedgehog:kind_reference', args=[kind.model_name]))
                for rule in (*rules_of(kind), *EVERY_KIND):
                    self.assertContains(response, rule.id)
                    self.assertContains(response, escape(rule.summary))

    def test_it_leaves_out_the_rules_of_other_kinds(self):
        response = self.client.get(reverse('plugins:netbox_hedgehog:kind_reference', args=['server']))
        self.assertNotContains(response, 'vpc-vlan-taken')

    def test_a_rule_shows_whether_it_is_only_a_warning(self):
        response = self.client.get(reverse('plugins:netbox_hedgehog:kind_reference', args=['ipv4namespace']))
        rows = {row.record['rule']: row.get_cell('severity') for row in response.context['rules'].rows}
        assert 'text-bg-yellow' in rows['ipv4-namespace-empty']
        assert 'text-bg-red' in rows['ipv4-namespace-too-many']

    def test_an_unknown_kind_has_none(self):
        url = reverse('plugins:netbox_hedgehog:kind_reference', args=['pod'])
        self.assertHttpStatus(self.client.get(url), 404)

    def test_it_is_for_those_who_are_logged_in(self):
        self.client.logout()
        url = reverse('plugins:netbox_hedgehog:kind_reference', args=['vpc'])
        self.assertHttpStatus(self.client.get(url), 302)


def test_the_reference_has_every_field_of_the_catalogue():
    for kind in KINDS.values():
        paths = [field['path'].replace('[]', '').replace('.*', '') for field in fields_of(kind)]
        assert paths == [f'spec{path}' for path in _paths(spec_order(kind))]


def test_the_reference_tells_types_and_constraints():
    fields = {field['path']: field for field in fields_of(KINDS['VPC'])}
    assert fields['spec.subnets']['type'] == 'map of structure'
    assert fields['spec.subnets.*.vlan']['type'] == 'integer'
    assert fields['spec.subnets.*.vlan']['constraint'] == '0 to 65535'
    assert fields['spec.mode']['constraint'] == "one of '', 'l3vni', 'l3flat'"
    assert fields['spec.permit']['type'] == 'list of list of text'
    assert fields['spec.subnets.*.dhcp.options.interfaceMTU']['constraint'].startswith('required')
    fields = {field['path']: field for field in fields_of(KINDS['Connection'])}
    assert fields['spec.eslag.links']['constraint'] == 'at least 2'
    assert 'IPv4 address' in fields['spec.fabric.links[].spine.ip']['constraint']
    assert all(field['description'] for field in fields.values())


def _paths(order: FieldOrder):
    for name, below in order.fields.items():
        yield f'.{name}'
        yield from (f'.{name}{path}' for path in _paths(below))
    if order.each:
        yield from _paths(order.each)
