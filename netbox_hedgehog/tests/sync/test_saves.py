"""What a person does in NetBox becomes a commit: one for each act, with nothing else in it."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.test import TestCase
from django.urls import reverse
from users.models import Token
from utilities.exceptions import AbortRequest

from netbox_hedgehog.models import VPC, Connection, GatewayGroup, PendingChange, Server, SwitchGroup, SyncState
from netbox_hedgehog.tests.documents import VPC_BY_HAND, connection, server, vpc
from netbox_hedgehog.tests.sync.base import SyncFixture


class SaveFixture(SyncFixture):
    def setUp(self):
        super().setUp()
        self.sync()

    def url(self, name, *args):
        return reverse(f'plugins:netbox_hedgehog:{name}', args=args)

    def post(self, url, data):
        response = self.client.post(url, data)
        assert response.status_code == 302, _errors(response)
        return response

    def form(self, resource, **changes):
        data = {
            'fabric': resource.fabric_id,
            'namespace': resource.namespace,
            'name': resource.name,
            'labels': '',
            'annotations': '',
            'spec': '',
        }
        document = resource.to_yaml()
        data['spec'] = document[document.index('spec:') + 5 :].replace('\n  ', '\n')
        return data | changes

    def commits_of(self, act) -> int:
        before = len(self.work.commits())
        act()
        self.sync()
        return len(self.work.commits()) - before

    def api(self, method, path, data=None):
        token = Token.objects.create(user=self.user, write_enabled=True)
        headers = {'Authorization': f'Bearer nbt_{token.key}.{token.token}'}
        body = {} if data is None else {'data': data, 'content_type': 'application/json'}
        return getattr(self.client, method)(f'/api/plugins/hedgehog/{path}', headers=headers, **body)


def _errors(response):
    form = response.context.get('form') if response.context else None
    return form.errors if form is not None else response.content[:2000]


class FormTests(SaveFixture, TestCase):
    def test_adding_a_vpc_is_one_commit_with_one_canonical_file(self):
        spec = 'subnets:\n  default: {subnet: 10.0.1.0/24, gateway: 10.0.1.1, vlan: 1001}\n'
        data = {'fabric': self.fabric.pk, 'namespace': 'default', 'name': 'vpc-01', 'spec': spec}
        assert self.commits_of(lambda: self.post(self.url('vpc_add'), data)) == 1
        assert self.work.changed_files() == [f'A {self.path("managed/vpcs/vpc-01.yaml")}']
        assert self.work.show(self.path('managed/vpcs/vpc-01.yaml')) == (
            'apiVersion: vpc.githedgehog.com/v1beta1\n'
            'kind: VPC\n'
            'metadata:\n'
            '  name: vpc-01\n'
            '  namespace: default\n'
            '  annotations:\n'
            '    hnp.githedgehog.com/fabric: DC1\n'
            '    hnp.githedgehog.com/managed-by: hedgehog-netbox-plugin\n'
            'spec:\n'
            '  subnets:\n'
            '    default:\n'
            '      gateway: 10.0.1.1\n'
            '      subnet: 10.0.1.0/24\n'
            '      vlan: 1001\n'
        )

    def test_the_commit_names_the_user_and_carries_the_change_log_message(self):
        data = {'fabric': self.fabric.pk, 'namespace': 'default', 'name': 'group-1', 'spec': ''}
        self.post(self.url('switchgroup_add'), data | {'changelog_message': 'CHG-4711 new redundancy group'})
        change = PendingChange.objects.get()
        self.sync()
        message = self.work.message()
        assert message.splitlines()[0] == 'CHG-4711 new redundancy group'
        assert f'HNP-Change: {change.pk} create SwitchGroup default group-1' in message
        assert 'HNP-User: ada' in message
        assert 'HNP-Fabric: dc1' in message
        assert f'HNP-Request: {change.request_id}' in message
        assert self.work.author() == 'ada <ada@example.com>'

    def test_without_a_message_the_subject_tells_kind_name_and_action(self):
        self.post(
            self.url('server_add'),
            {'fabric': self.fabric.pk, 'namespace': 'default', 'name': 'server-01', 'spec': 'description: Rack 1'},
        )
        self.sync()
        assert self.work.message().splitlines()[0] == 'Create Server server-01'

    def test_kinds_with_an_empty_spec_can_be_saved_and_write_it(self):
        for name, plural in (('switchgroup', 'switchgroups'), ('gatewaygroup', 'gatewaygroups')):
            data = {'fabric': self.fabric.pk, 'namespace': 'default', 'name': 'group-1', 'spec': '{}'}
            assert self.commits_of(lambda name=name, data=data: self.post(self.url(f'{name}_add'), data)) == 1
            assert self.work.show(self.path(f'managed/{plural}/group-1.yaml')).endswith('spec: {}\n')
        assert SwitchGroup.objects.get().spec == GatewayGroup.objects.get().spec == {}

    def test_editing_one_field_changes_only_its_line_of_a_file_written_by_hand(self):
        self.hand_over('managed/vpcs/vpc-01.yaml', VPC_BY_HAND)
        row = VPC.objects.get()
        row.spec['subnets']['default']['vlan'] = 1011
        form = self.form(row, annotations='example.com/owner: team-a')
        assert self.commits_of(lambda: self.post(self.url('vpc_edit', row.pk), form)) == 1
        assert self.work.changed_files() == [f'M {self.path("managed/vpcs/vpc-01.yaml")}']
        assert self.work.diff_lines() == ['-      vlan: 1001', '+      vlan: 1011']

    def test_a_form_opened_before_git_changed_the_object_does_not_overwrite_it(self):
        self.hand_over('managed/vpcs/vpc-01.yaml', VPC_BY_HAND)
        row = VPC.objects.get()
        page = self.client.get(self.url('vpc_edit', row.pk))
        form = self.form(row, seen=page.context['form']['seen'].value())
        self.hand_over('managed/vpcs/vpc-01.yaml', VPC_BY_HAND.replace('1001', '1021'))
        response = self.client.post(self.url('vpc_edit', row.pk), form)
        assert 'changed since you opened the form' in str(_errors(response))
        row.refresh_from_db()
        assert row.spec['subnets']['default']['vlan'] == 1021

    def test_saving_a_row_that_a_pass_deleted_does_not_bring_it_back(self):
        self.hand_over('managed/vpcs/vpc-01.yaml', VPC_BY_HAND)
        stale = VPC.objects.get()
        VPC.objects.get().delete()
        with pytest.raises(AbortRequest):
            stale.save()
        assert not VPC.objects.exists()

    def test_saving_without_a_change_makes_no_commit(self):
        self.hand_over('managed/vpcs/vpc-01.yaml', VPC_BY_HAND)
        row = VPC.objects.get()
        form = self.form(row, annotations='example.com/owner: team-a')
        assert self.commits_of(lambda: self.post(self.url('vpc_edit', row.pk), form)) == 0
        assert PendingChange.objects.count() == 0
        assert self.status_of('VPC', 'vpc-01') == 'synced'

    def test_changing_what_stays_in_netbox_makes_no_commit(self):
        self.hand_over('managed/vpcs/vpc-01.yaml', VPC_BY_HAND)
        row = VPC.objects.get()
        form = self.form(row, annotations='example.com/owner: team-a', description='Seen only here')
        assert self.commits_of(lambda: self.post(self.url('vpc_edit', row.pk), form)) == 0
        row.refresh_from_db()
        assert row.description == 'Seen only here'

    def test_deleting_removes_the_file(self):
        self.hand_over('managed/vpcs/vpc-01.yaml', VPC_BY_HAND)
        url = self.url('vpc_delete', VPC.objects.get().pk)
        assert self.commits_of(lambda: self.post(url, {'confirm': True})) == 1
        assert self.work.changed_files() == [f'D {self.path("managed/vpcs/vpc-01.yaml")}']
        assert self.work.message().splitlines()[0] == 'Delete VPC vpc-01'
        assert SyncState.objects.count() == 0

    def test_edits_before_a_pass_become_one_commit(self):
        for number in range(3):
            self.post(
                self.url('server_add'),
                {'fabric': self.fabric.pk, 'namespace': 'default', 'name': f'server-{number}', 'spec': ''},
            )
        assert self.commits_of(lambda: None) == 1
        assert self.work.message().splitlines()[0] == 'Sync 3 changes to DC1'

    def test_created_and_deleted_before_a_pass_leaves_no_trace(self):
        self.post(
            self.url('server_add'),
            {'fabric': self.fabric.pk, 'namespace': 'default', 'name': 'server-01', 'spec': ''},
        )
        self.post(self.url('server_delete', Server.objects.get().pk), {'confirm': True})
        assert self.commits_of(lambda: None) == 0
        assert PendingChange.objects.count() == 0
        assert SyncState.objects.count() == 0

    def test_a_wrong_structure_is_refused_beside_the_field_and_nothing_is_recorded(self):
        data = {'fabric': self.fabric.pk, 'namespace': 'default', 'name': 'vpc-01'}
        response = self.client.post(self.url('vpc_add'), data | {'spec': 'subnets: {default: {vlan: ten}}'})
        assert response.status_code == 200
        assert 'spec.subnets.default.vlan' in str(response.context['form'].errors['spec'])
        assert PendingChange.objects.count() == 0


class BulkTests(SaveFixture, TestCase):
    def test_a_bulk_edit_of_forty_connections_is_one_commit(self):
        text = '---\n'.join(connection(number) for number in range(1, 41))
        self.hand_over('raw/connections.yaml', text)
        assert Connection.objects.count() == 40
        data = {
            'pk': list(Connection.objects.values_list('pk', flat=True)),
            'spec_patch': 'unbundled: {mtu: 9000}',
            '_apply': '1',
        }
        assert self.commits_of(lambda: self.post(self.url('connection_bulk_edit'), data)) == 1
        assert len(self.work.changed_files()) == 40
        assert set(self.work.diff_lines()) == {'+    mtu: 9000'}

    def test_a_bulk_delete_is_one_commit(self):
        self.hand_over('raw/servers.yaml', '---\n'.join(server(number) for number in range(1, 6)))
        data = {'pk': list(Server.objects.values_list('pk', flat=True)), 'confirm': 'True', '_confirm': '1'}
        assert self.commits_of(lambda: self.post(self.url('server_bulk_delete'), data)) == 1
        assert len(self.work.changed_files()) == 5
        assert self.path('managed/servers/.gitkeep') in self.work.files()

    def test_an_import_is_one_commit(self):
        csv = 'fabric,name,spec\n' + ''.join(
            f'dc1,server-{number:02},"{{""description"": ""Rack {number}""}}"\n' for number in range(1, 4)
        )
        data = {'data': csv, 'format': 'csv', 'csv_delimiter': ','}
        assert self.commits_of(lambda: self.post(self.url('server_bulk_import'), data)) == 1
        assert len(self.work.changed_files()) == 3
        assert 'description: Rack 2' in self.work.show(self.path('managed/servers/server-02.yaml'))

    def test_manifests_can_be_imported(self):
        documents = '---\n'.join(f'fabric: dc1\n{vpc(f"vpc-{number:02}", number)}' for number in (1, 2))
        data = {'data': documents, 'format': 'yaml', 'csv_delimiter': ','}
        assert self.commits_of(lambda: self.post(self.url('vpc_bulk_import'), data)) == 1
        assert VPC.objects.get(name='vpc-02').spec['subnets']['default']['vlan'] == 1002

    def test_an_import_with_one_bad_row_changes_nothing(self):
        csv = 'fabric,name,spec\ndc1,server-01,{}\ndc1,Not A Name,{}\n'
        response = self.client.post(
            self.url('server_bulk_import'), {'data': csv, 'format': 'csv', 'csv_delimiter': ','}
        )
        assert response.status_code == 200
        assert Server.objects.count() == PendingChange.objects.count() == 0


class RestTests(SaveFixture, TestCase):
    def test_create_update_and_delete_are_a_commit_each(self):
        spec = {'subnets': {'default': {'subnet': '10.0.1.0/24', 'vlan': 1001}}}
        body = {'fabric': self.fabric.pk, 'name': 'vpc-01', 'spec': spec}
        created = self.api('post', 'vpcs/', body)
        assert created.status_code == 201, created.content
        assert created.json()['sync']['status'] == 'pending'
        assert self.commits_of(lambda: None) == 1
        path = f'vpcs/{created.json()["id"]}/'
        assert self.api('get', path).json()['sync']['commit'] == self.work.commits()[0]
        spec['subnets']['default']['vlan'] = 1002
        response = self.api('patch', path, {'spec': spec})
        assert response.status_code == 200, response.content
        assert self.commits_of(lambda: None) == 1
        assert self.work.diff_lines() == ['-      vlan: 1001', '+      vlan: 1002']
        assert self.commits_of(lambda: self.api('patch', path, {'spec': spec})) == 0
        assert self.commits_of(lambda: self.api('delete', path)) == 1
        assert self.work.changed_files() == [f'D {self.path("managed/vpcs/vpc-01.yaml")}']

    def test_an_identity_cannot_change(self):
        self.hand_over('managed/vpcs/vpc-01.yaml', VPC_BY_HAND)
        path = f'vpcs/{VPC.objects.get().pk}/'
        assert self.api('patch', path, {'name': 'vpc-02'}).status_code == 400
        assert self.api('patch', path, {'namespace': 'other'}).status_code == 400

    def test_a_structural_error_names_the_field(self):
        body = {'fabric': self.fabric.pk, 'name': 'vpc-01', 'spec': {'subnets': {'default': {'vlan': 'ten'}}}}
        response = self.api('post', 'vpcs/', body)
        assert response.status_code == 400
        assert 'spec.subnets.default.vlan' in response.json()['spec'][0]


class ScriptTests(SaveFixture, TestCase):
    def test_queryset_updates_reach_git(self):
        self.hand_over('raw/servers.yaml', '---\n'.join(server(number) for number in range(1, 4)))
        act = lambda: Server.objects.update(spec={'description': 'Moved'})  # noqa: E731
        assert self.commits_of(act) == 1
        assert len(self.work.changed_files()) == 3

    def test_bulk_create_and_bulk_update_reach_git(self):
        servers = [Server(fabric=self.fabric, name=f'server-{number}') for number in range(3)]
        assert self.commits_of(lambda: Server.objects.bulk_create(servers)) == 1
        for row in servers:
            row.spec = {'description': 'New'}
        assert self.commits_of(lambda: Server.objects.bulk_update(servers, ['spec'])) == 1
        assert len(self.work.changed_files()) == 3

    def test_the_content_type_of_every_kind_is_registered(self):
        assert ContentType.objects.get_for_model(VPC).model == 'vpc'
