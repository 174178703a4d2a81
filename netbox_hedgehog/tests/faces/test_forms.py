"""What people type into forms, and what is saved."""

import json

import pytest
from django.core.exceptions import ValidationError
from utilities.testing import TestCase

from netbox_hedgehog import forms
from netbox_hedgehog.catalog import KINDS
from netbox_hedgehog.forms.bulk_edit import merge_patch
from netbox_hedgehog.forms.manifests import read_map, read_records, write_spec, write_value
from netbox_hedgehog.manifests.nodes import content
from netbox_hedgehog.manifests.reader import read
from netbox_hedgehog.models import RESOURCE_MODELS, VPC, Connection, External, GatewayGroup, SwitchGroup
from netbox_hedgehog.tests.specimens import SPECIMENS, make_fabric, make_resource


class ResourceFormTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.fabric = make_fabric()

    def form(self, model, spec, instance=None, **fields):
        data = {'fabric': self.fabric.pk, 'namespace': 'default', 'name': 'item-1', 'spec': spec, **fields}
        return getattr(forms, f'{model.__name__}Form')(data, instance=instance)

    def assert_saves(self, form):
        assert form.is_valid(), form.errors
        resource = form.save()
        resource.refresh_from_db()
        return resource

    def test_every_kind_saves_its_specimens_as_yaml(self):
        for model in RESOURCE_MODELS:
            specimen = SPECIMENS[model.kind.name]
            for name, spec in zip(specimen.names, specimen.specs, strict=True):
                with self.subTest(kind=model.kind.name, name=name):
                    text = write_spec(model.kind, spec)
                    assert self.assert_saves(self.form(model, text, name=name)).spec == spec

    def test_an_empty_spec_may_be_written_in_braces_or_not_at_all(self):
        for model in (SwitchGroup, GatewayGroup):
            for number, text in enumerate(('', '{}', '# nothing to say\n', 'null')):
                with self.subTest(kind=model.kind.name, text=text):
                    assert self.assert_saves(self.form(model, text, name=f'item-{number}')).spec == {}

    def test_json_is_accepted_as_yaml(self):
        spec = SPECIMENS['VPC'].specs[0]
        assert self.assert_saves(self.form(VPC, json.dumps(spec))).spec == spec

    def test_a_community_stays_a_text(self):
        form = self.form(External, 'inboundCommunity: 65000:50\noutboundCommunity: 1:30\nipv4Namespace: default\n')
        spec = self.assert_saves(form).spec
        assert (spec['inboundCommunity'], spec['outboundCommunity']) == ('65000:50', '1:30')

    def test_a_fault_is_reported_with_line_and_column(self):
        form = self.form(VPC, 'subnets:\r\n  default:\r\n    vlan: 1\r\n    vlan: 2\r\n')
        assert not form.is_valid()
        (message,) = form.errors['spec']
        assert message.startswith('Line 4, column 5: '), message

    def test_what_is_no_map_is_refused(self):
        assert 'spec' in self.form(VPC, '- a\n- b\n').errors
        assert 'labels' in self.form(VPC, '', labels='gold').errors

    def test_what_no_manifest_can_hold_is_refused(self):
        assert 'spec' in self.form(VPC, 'mode: "a\\0b"\n').errors

    def test_a_finding_of_the_catalogue_stands_at_its_field(self):
        form = self.form(VPC, 'subnets: {default: {vlan: "1001"}}\n', labels='Tier!: gold\n', name='UPPER')
        assert 'spec.subnets.default.vlan' in str(form.errors['spec'])
        assert 'Tier!' in str(form.errors['labels'])
        assert 'Not a name; write lower-case letters' in str(form.errors['name'])

    def test_the_spec_is_shown_in_the_order_of_the_kind(self):
        resource = make_resource(VPC, self.fabric)
        form = forms.VPCForm(instance=resource)
        shown = form['spec'].value()
        assert read_map(shown) == resource.spec
        assert shown.startswith('ipv4Namespace: default\nsubnets:\n  default:\n'), shown
        assert form['labels'].value() == ''

    def test_identity_cannot_be_edited(self):
        resource = make_resource(SwitchGroup, self.fabric)
        form = self.form(SwitchGroup, '', instance=resource, name='other', namespace='else', description='Mended')
        saved = self.assert_saves(form)
        assert (saved.name, saved.namespace, saved.description) == ('item-1', 'default', 'Mended')

    def test_another_order_of_keys_is_no_change(self):
        resource = make_resource(VPC, self.fabric)
        data = {'spec': json.dumps(dict(reversed(resource.spec.items())))}
        form = forms.VPCForm(data, instance=resource)
        assert 'spec' not in form.changed_data

    def test_labels_and_annotations_are_saved_and_can_be_emptied(self):
        resource = self.assert_saves(self.form(SwitchGroup, '', labels='tier: gold', annotations='{"a/b": "1"}'))
        assert (resource.labels, resource.annotations) == ({'tier': 'gold'}, {'a/b': '1'})
        resource = self.assert_saves(self.form(SwitchGroup, '', instance=resource, labels='', annotations=''))
        assert (resource.labels, resource.annotations) == ({}, {})

    def test_a_clone_takes_over_everything_but_the_name(self):
        self.add_permissions('netbox_hedgehog.add_connection')
        resource = make_resource(Connection, self.fabric, labels={'tier': 'gold'})
        attributes = resource.clone()
        assert 'name' not in attributes
        response = self.client.get('/plugins/hedgehog/connections/add/', attributes)
        form = response.context['form']
        assert read_map(form['spec'].value()) == resource.spec
        assert read_map(form['labels'].value()) == resource.labels


class FabricFormTests(TestCase):
    def test_fabrics_can_be_selected_and_repositories_added_on_the_way(self):
        self.add_permissions(
            'netbox_hedgehog.view_hedgehogfabric', 'netbox_hedgehog.add_gitrepository', 'netbox_hedgehog.add_vpc'
        )
        selector = {'_model': 'netbox_hedgehog.hedgehogfabric', 'target': 'id_fabric'}
        for address, parameters in (
            ('/htmx/object-selector/', selector),
            ('/plugins/hedgehog/git-repositories/add/', {'_quickadd': 'True', 'target': 'id_repository'}),
            ('/plugins/hedgehog/vpcs/add/', {}),
        ):
            with self.subTest(address=address):
                self.assertHttpStatus(self.client.get(address, parameters), 200)

    def test_branch_and_directory_are_filled_in(self):
        fabric = make_fabric()
        data = {
            'name': 'Second',
            'slug': 'second',
            'repository': fabric.repository.pk,
            'mode': 'active',
            'commit_window_seconds': 2,
            'write_method': 'push',
            'authorship': 'author',
            'deletion_limit': 10,
            'deletion_percent': 50,
            'release': '26.03',
        }
        form = forms.HedgehogFabricForm(data)
        assert form.is_valid(), form.errors
        saved = form.save()
        assert (saved.branch, saved.directory) == ('main', 'fabrics/second/gitops')

    def test_overlapping_directories_are_refused(self):
        fabric = make_fabric()
        form = forms.HedgehogFabricForm({'repository': fabric.repository.pk, 'directory': fabric.directory})
        assert 'directory' in form.errors

    def test_a_repository_outside_of_the_local_root_is_refused(self):
        form = forms.GitRepositoryForm({'name': 'X', 'url': '/etc', 'default_branch': 'main'})
        assert 'url' in form.errors


@pytest.mark.parametrize(
    ('target', 'patch', 'expected'),
    [
        pytest.param({'a': 1, 'b': 2}, {'a': 3}, {'a': 3, 'b': 2}, id='a field is set'),
        pytest.param({'a': 1, 'b': 2}, {'a': None}, {'b': 2}, id='null removes'),
        pytest.param({'a': {'b': 1, 'c': 2}}, {'a': {'b': 3}}, {'a': {'b': 3, 'c': 2}}, id='maps are merged'),
        pytest.param({'a': [1, 2]}, {'a': [3]}, {'a': [3]}, id='lists are replaced'),
        pytest.param({'a': 'text'}, {'a': {'b': {'c': None}}}, {'a': {'b': {}}}, id='a text becomes a map'),
        pytest.param({}, {'a': {'b': None}}, {'a': {}}, id='nothing to remove'),
    ],
)
def test_a_merge_patch_follows_rfc_7386(target, patch, expected):
    before = json.dumps(target)
    assert merge_patch(target, patch) == expected
    assert json.dumps(target) == before


@pytest.mark.parametrize(
    'value',
    ['text', '65000:50', 5, True, None, [], ['a', {'b': 1, 'c': 2}], {'b': [{'c': 1, 'd': 2}]}, {}, '', 'a\n  b\n'],
    ids=repr,
)
def test_a_value_is_written_so_that_it_reads_the_same(value):
    assert content(read(write_value(KINDS['VPC'], value)).root) == value


def test_records_are_read_from_documents_lists_and_lists_of_kubernetes():
    text = '# first\n---\nname: a\n---\n- name: b\n- name: c\n---\napiVersion: v1\nkind: List\nitems:\n- name: d\n'
    assert [record['name'] for record in read_records(text)] == ['a', 'b', 'c', 'd']


def test_every_document_that_cannot_be_read_is_reported():
    with pytest.raises(ValidationError) as refused:
        read_records('a: 1\na: 2\n---\nb: [\n---\nname: c\n')
    assert [message.partition(',')[0] for message in refused.value.messages] == ['Line 2', 'Line 5']
