"""Importing resources: rows of CSV, objects of JSON and YAML, and manifests."""

import json

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from utilities.testing import TestCase

from netbox_hedgehog.models import VPC, Connection, External, PendingChange, SwitchGroup
from netbox_hedgehog.tests.specimens import SPECIMENS, make_fabric, make_resource

MANIFEST = """\
# kept by the network team
apiVersion: vpc.githedgehog.com/v1beta1
kind: External
metadata:
  name: {name}
  labels:
    tier: gold
    fabric.githedgehog.com/computed: "true"
  annotations:
    hnp.githedgehog.com/fabric: {fabric}
    hnp.githedgehog.com/managed-by: hedgehog-netbox-plugin
    team: net
spec:
  ipv4Namespace: default
  inboundCommunity: 65000:50
  outboundCommunity: 1:30
"""


class ImportTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.fabric = make_fabric()

    def setUp(self):
        super().setUp()
        self.add_permissions(
            'netbox_hedgehog.view_hedgehogfabric',
            *(f'netbox_hedgehog.add_{name}' for name in ('external', 'switchgroup', 'connection', 'vpc')),
        )

    def post(self, model, text, **fields):
        url = reverse(f'plugins:netbox_hedgehog:{model._meta.model_name}_bulk_import')
        return self.client.post(url, {'data': text, 'format': 'auto', 'csv_delimiter': 'auto', **fields})

    def assert_imports(self, model, text, count, **fields):
        response = self.post(model, text, **fields)
        assert response.status_code == 302, response.context['form'].errors
        assert model.objects.count() == count

    def errors_of(self, model, text, **fields):
        before = model.objects.count()
        response = self.post(model, text, **fields)
        self.assertHttpStatus(response, 200)
        assert model.objects.count() == before
        assert not PendingChange.objects.filter(kind=model.kind.name).exclude(name='there').exists()
        return [str(error) for errors in response.context['form'].errors.values() for error in errors]

    def test_manifests_are_imported_as_the_cluster_reads_them(self):
        text = MANIFEST.format(name='one', fabric='Lab') + '---\n' + MANIFEST.format(name='two', fabric='lab')
        self.assert_imports(External, text, 2)
        external = External.objects.get(name='one')
        assert external.spec['inboundCommunity'] == '65000:50'
        assert external.spec['outboundCommunity'] == '1:30'
        assert external.labels == {'tier': 'gold'}
        assert external.annotations == {'team': 'net'}
        assert external.fabric == self.fabric

    def test_the_key_fabric_wins_over_the_annotation(self):
        other = make_fabric('Other')
        self.assert_imports(External, MANIFEST.format(name='one', fabric='Lab') + 'fabric: other\n', 1)
        assert External.objects.get().fabric == other

    def test_a_list_of_kubernetes_is_imported(self):
        documents = [
            {'apiVersion': 'wiring.githedgehog.com/v1beta1', 'kind': 'SwitchGroup', 'metadata': {'name': name}}
            for name in ('a', 'b')
        ]
        items = [{**document, 'fabric': 'lab'} for document in documents]
        text = json.dumps({'apiVersion': 'v1', 'kind': 'List', 'items': items})
        self.assert_imports(SwitchGroup, text, 2, format='yaml')

    def test_json_manifests_and_plain_records_are_imported(self):
        manifest = {'apiVersion': 'wiring.githedgehog.com/v1beta1', 'kind': 'SwitchGroup', 'metadata': {'name': 'a'}}
        records = [{**manifest, 'fabric': 'lab'}, {'fabric': 'lab', 'name': 'b', 'labels': {'tier': 'gold'}}]
        self.assert_imports(SwitchGroup, json.dumps(records), 2)
        assert SwitchGroup.objects.get(name='b').labels == {'tier': 'gold'}

    def test_records_of_yaml_are_imported(self):
        text = '- fabric: lab\n  name: one\n  spec:\n    inboundCommunity: 65000:50\n    ipv4Namespace: default\n'
        self.assert_imports(External, text, 1)
        assert External.objects.get().spec['inboundCommunity'] == '65000:50'

    def test_rows_of_csv_may_leave_out_everything_but_fabric_and_name(self):
        self.assert_imports(SwitchGroup, 'fabric,name\nlab,a\nLab,b\n', 2)
        group = SwitchGroup.objects.get(name='a')
        assert (group.namespace, group.labels, group.annotations, group.spec) == ('default', {}, {}, {})

    def test_a_header_may_name_another_field_of_the_fabric(self):
        self.assert_imports(SwitchGroup, f'fabric.id,name\n{self.fabric.pk},a\n', 1)

    def test_an_uploaded_file_is_imported(self):
        file = SimpleUploadedFile('externals.yaml', MANIFEST.format(name='one', fabric='lab').encode())
        self.assert_imports(External, '', 1, import_method='upload', upload_file=file)

    def test_all_or_nothing_and_the_error_names_record_and_field(self):
        text = MANIFEST.format(name='one', fabric='lab') + '---\n' + MANIFEST.format(name='Two!', fabric='lab')
        (error,) = self.errors_of(External, text)
        assert error.startswith('Record 2 metadata.name: '), error
        text = MANIFEST.format(name='one', fabric='lab') + '---\n'
        text += MANIFEST.format(name='two', fabric='lab').replace('65000:50', '5')
        (error,) = self.errors_of(External, text)
        assert error.startswith('Record 2 spec: spec.inboundCommunity'), error

    def test_a_manifest_of_another_kind_is_refused(self):
        (error,) = self.errors_of(VPC, MANIFEST.format(name='one', fabric='lab'))
        assert 'Record 1 kind: ' in error
        assert 'External' in error

    def test_a_fabric_that_the_user_may_not_see_is_not_found(self):
        self.remove_permissions('netbox_hedgehog.view_hedgehogfabric')
        (error,) = self.errors_of(SwitchGroup, 'fabric,name\nlab,a\n')
        assert 'Object not found' in error

    def test_a_missing_or_unknown_fabric_is_named(self):
        (error,) = self.errors_of(SwitchGroup, '- name: a\n')
        assert error.startswith('Record 1 fabric: ')
        (error,) = self.errors_of(SwitchGroup, 'fabric,name\nnowhere,a\n')
        assert 'nowhere' in error

    def test_each_text_that_cannot_be_read_is_reported_with_its_line(self):
        for text, line in (
            ('- name: a\n  name: b\n', 2),
            ('- name: !python/object a\n', 1),
            ('- name: [' + '[' * 2000 + '\n', 1),
            ('- name: 2001-99-99\n  other: {\n', 2),
        ):
            with self.subTest(text=text[:40]):
                (error,) = self.errors_of(SwitchGroup, text, format='yaml')
                assert error.startswith(f'Line {line}, '), error

    def test_a_broken_encoding_and_a_nest_of_brackets_are_refused(self):
        file = SimpleUploadedFile('externals.yaml', b'- name: a\n- name: \xff\n')
        (error,) = self.errors_of(SwitchGroup, '', import_method='upload', upload_file=file, format='yaml')
        assert error.startswith('Line 2: this is not UTF-8')
        (error,) = self.errors_of(SwitchGroup, '[' * 100_000, format='json')
        assert 'inside each other' in error
        (error,) = self.errors_of(
            SwitchGroup, json.dumps([{'fabric': 'lab', 'name': 'a', 'spec': {'a': float('nan')}}])
        )
        assert error.startswith('Record 1 spec: ')

    def test_an_alias_bomb_is_refused(self):
        lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x]']
        lines += [f'a{n}: &a{n} [{", ".join([f"*a{n - 1}"] * 9)}]' for n in range(1, 12)]
        (error,) = self.errors_of(SwitchGroup, '\n'.join(lines), format='yaml')
        assert error.startswith('Line ')

    def test_a_refused_import_shows_what_was_typed(self):
        text = '- name: a\n'
        response = self.post(SwitchGroup, text)
        assert response.context['form']['data'].value() == text

    def test_identity_cannot_be_changed_by_an_import(self):
        self.add_permissions('netbox_hedgehog.change_switchgroup')
        group = make_resource(SwitchGroup, self.fabric, 'there')
        (error,) = self.errors_of(SwitchGroup, f'id,name\n{group.pk},b\n')
        assert 'cannot change' in error

    def test_a_spec_is_replaced_by_an_import_with_an_id(self):
        self.add_permissions('netbox_hedgehog.change_external')
        external = make_resource(External, self.fabric, 'there')
        wanted = SPECIMENS['External'].update
        self.assert_imports(External, json.dumps([{'id': external.pk, 'spec': wanted}]), 1)
        external.refresh_from_db()
        assert external.spec == wanted


class BulkEditTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.fabric = make_fabric()
        spec = SPECIMENS['Connection'].specs[1]
        cls.connections = [make_resource(Connection, cls.fabric, f'conn-{n}', spec=spec) for n in range(4)]

    def setUp(self):
        super().setUp()
        self.add_permissions('netbox_hedgehog.view_connection', 'netbox_hedgehog.change_connection')
        PendingChange.objects.all().delete()

    def edit(self, **data):
        pks = [connection.pk for connection in self.connections]
        url = reverse('plugins:netbox_hedgehog:connection_bulk_edit')
        return self.client.post(url, {'pk': pks, '_apply': True, **data})

    def test_a_patch_is_merged_into_each_spec(self):
        response = self.edit(spec_patch='bundled:\n  mtu: 9000\n', changelog_message='Jumbo frames')
        self.assertHttpStatus(response, 302)
        for connection in Connection.objects.all():
            assert connection.spec['bundled']['mtu'] == 9000
            assert len(connection.spec['bundled']['links']) == 2
        assert set(PendingChange.objects.values_list('message', flat=True)) == {'Jumbo frames'}
        self.assertHttpStatus(self.edit(spec_patch='{bundled: {mtu: null}}'), 302)
        assert all('mtu' not in connection.spec['bundled'] for connection in Connection.objects.all())

    def test_a_patch_that_the_catalogue_refuses_changes_nothing_and_names_the_resource(self):
        response = self.edit(spec_patch='bundled: {mtu: large}')
        self.assertHttpStatus(response, 200)
        (error,) = response.context['form'].non_field_errors()
        assert error.startswith('conn-0: spec.bundled.mtu')
        assert all('mtu' not in connection.spec['bundled'] for connection in Connection.objects.all())
        assert not PendingChange.objects.exists()

    def test_a_patch_that_cannot_be_read_is_reported_with_its_line(self):
        response = self.edit(spec_patch='bundled:\n  mtu: 1\n  mtu: 2\n')
        (error,) = response.context['form'].errors['spec_patch']
        assert error.startswith('Line 3, ')

    def test_without_a_patch_the_specs_stay(self):
        before = list(Connection.objects.order_by('pk').values_list('spec', flat=True))
        self.assertHttpStatus(self.edit(description='Rack A'), 302)
        assert list(Connection.objects.order_by('pk').values_list('spec', flat=True)) == before
