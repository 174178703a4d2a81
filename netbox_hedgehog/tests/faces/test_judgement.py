"""What a save, an import and a deletion are refused for: what they break in the fabric, and nothing else."""

from django.contrib.auth import get_user_model
from django.contrib.messages import get_messages
from django.test import Client, TestCase
from django.urls import reverse

from netbox_hedgehog.models import VPC, Connection, IPv4Namespace, Server, VPCAttachment, design_of
from netbox_hedgehog.tests.faces.api_client import ApiClient
from netbox_hedgehog.tests.specimens import make_fabric, make_resource

KINDS = ('vpc', 'vpcattachment', 'ipv4namespace', 'server', 'connection')


def vpc_spec(number=1, **subnet):
    return {'subnets': {'default': {'subnet': f'10.0.{number}.0/24', 'vlan': 1000 + number, **subnet}}}


class JudgementTests(TestCase):
    def setUp(self):
        self.fabric = make_fabric(is_draft=False)
        self.namespace = make_resource(IPv4Namespace, self.fabric, 'default', spec={'subnets': ['10.0.0.0/16']})
        self.vpc = make_resource(VPC, self.fabric, 'vpc-1', spec=vpc_spec(1))
        self.api = ApiClient()
        for kind in KINDS:
            self.api.allow(*(f'{action}_{kind}' for action in ('view', 'add', 'change', 'delete')))

    def add(self, slug, name, spec):
        return self.api.post(f'{slug}/', {'fabric': self.fabric.pk, 'name': name, 'spec': spec})

    def test_a_clash_with_another_resource_is_refused_with_the_path_of_the_field(self):
        response = self.add('vpcs', 'vpc-2', vpc_spec(1))
        assert response.status_code == 400
        paths = sorted(message.partition(':')[0] for message in response.json()['spec'])
        assert paths == ['spec.subnets.default.subnet', 'spec.subnets.default.vlan']
        assert all('VPC vpc-1' in message or 'VPC default/vpc-1' in message for message in response.json()['spec'])

    def test_a_name_that_is_taken_is_all_that_is_told(self):
        make_resource(VPC, self.fabric, 'vpc-2', spec=vpc_spec(2))
        response = self.add('vpcs', 'vpc-2', vpc_spec(1))
        assert response.status_code == 400
        (message,) = [message for messages in response.json().values() for message in messages]
        assert 'already' in message or 'unique' in message

    def test_the_same_is_refused_in_the_form_with_the_field_marked(self):
        user = get_user_model().objects.create_user('ada', is_superuser=True)
        client = Client()
        client.force_login(user)
        data = {'fabric': self.fabric.pk, 'namespace': 'default', 'name': 'vpc-2'}
        text = 'subnets: {default: {subnet: 10.0.2.0/24, vlan: 1001}}'
        response = client.post(reverse('plugins:netbox_hedgehog:vpc_add'), {**data, 'spec': text})
        assert response.status_code == 200
        (error,) = response.context['form'].errors['spec'].as_data()
        assert error.params['problem'].path == 'spec.subnets.default.vlan'

    def test_a_row_of_an_import_is_refused_with_its_number_and_field(self):
        user = get_user_model().objects.create_user('ada', is_superuser=True)
        client = Client()
        client.force_login(user)
        rows = 'fabric,name,spec\n{slug},vpc-2,"{good}"\n{slug},vpc-3,"{bad}"'.format(
            slug=self.fabric.slug,
            good='{""subnets"": {""default"": {""subnet"": ""10.0.2.0/24"", ""vlan"": 1002}}}',
            bad='{""subnets"": {""default"": {""subnet"": ""10.0.2.0/24"", ""vlan"": 1003}}}',
        )
        url = reverse('plugins:netbox_hedgehog:vpc_bulk_import')
        response = client.post(url, {'data': rows, 'format': 'csv', 'csv_delimiter': ','})
        assert response.status_code == 200
        errors = str(response.context['form'].errors)
        assert 'Record 2 spec' in errors
        assert 'spec.subnets.default.subnet' in errors
        assert VPC.objects.count() == 1

    def test_what_an_edit_breaks_elsewhere_is_refused_and_named(self):
        response = self.api.patch(f'ipv4-namespaces/{self.namespace.pk}/', {'spec': {'subnets': ['10.1.0.0/16']}})
        assert response.status_code == 400
        (message,) = response.json()['__all__']
        assert message.startswith('VPC default/vpc-1 would become invalid: spec.subnets.default.subnet: ')
        self.namespace.refresh_from_db()
        assert self.namespace.spec == {'subnets': ['10.0.0.0/16']}

    def test_what_was_wrong_before_blocks_nothing_else(self):
        VPC.objects.filter(pk=self.vpc.pk).update(spec={**vpc_spec(1, vlan=1), 'futureField': 1})
        response = self.api.patch(f'vpcs/{self.vpc.pk}/', {'spec': {**vpc_spec(7, vlan=1), 'futureField': 1}})
        assert response.status_code == 200, response.content
        self.vpc.refresh_from_db()
        assert self.vpc.spec['futureField'] == 1
        assert {'unknown-field', 'vpc-vlan-outside-namespace'} <= {problem.rule for problem in self.vpc.problems()}

    def test_a_deletion_is_refused_while_others_refer_to_the_resource(self):
        response = self.api.client.delete(
            f'/api/plugins/hedgehog/ipv4-namespaces/{self.namespace.pk}/', headers=self.api.headers
        )
        assert response.status_code == 409
        assert 'vpc-1' in response.json()['detail']
        assert IPv4Namespace.objects.count() == 1

    def test_the_delete_page_names_what_refers_to_the_resource(self):
        client = Client()
        client.force_login(get_user_model().objects.create_user('ada', is_superuser=True))
        url = reverse('plugins:netbox_hedgehog:ipv4namespace_delete', args=[self.namespace.pk])
        response = client.post(url, {'confirm': True})
        assert response.status_code == 302
        assert 'vpc-1' in ' '.join(str(message) for message in get_messages(response.wsgi_request))
        assert IPv4Namespace.objects.count() == 1

    def test_a_default_that_is_left_out_is_a_reference_too(self):
        assert 'ipv4Namespace' not in self.vpc.spec
        assert design_of(self.fabric).referrers(self.namespace.identity) == (self.vpc.identity,)

    def test_while_a_design_is_under_way_it_may_lack_what_it_will_have(self):
        self.fabric.is_draft = True
        self.fabric.save()
        response = self.add('vpc-attachments', 'att-1', {'subnet': 'vpc-9/default', 'connection': 'conn-1'})
        assert response.status_code == 201, response.content
        (row,) = VPCAttachment.objects.all()
        assert {problem.severity.value for problem in row.problems()} == {'warning'}
        url = f'/api/plugins/hedgehog/ipv4-namespaces/{self.namespace.pk}/'
        assert self.api.client.delete(url, headers=self.api.headers).status_code == 204

    def test_a_connection_of_an_installed_fabric_keeps_its_type(self):
        self.fabric.is_draft = self.fabric.is_installed = True
        self.fabric.save()
        ends = {'server': {'port': 'server-1/eth0'}, 'switch': {'port': 'leaf-1/E1/1'}}
        row = make_resource(Connection, self.fabric, 'conn-1', spec={'unbundled': {'link': ends}})
        change = {'spec': {'bundled': {'links': [ends]}}}
        response = self.api.patch(f'connections/{row.pk}/', change)
        assert response.status_code == 400, response.content
        self.fabric.is_installed = False
        self.fabric.save()
        assert self.api.patch(f'connections/{row.pk}/', change).status_code == 200

    def test_a_save_that_changes_nothing_for_the_fabric_is_accepted_whatever_is_wrong(self):
        row = make_resource(Server, self.fabric, 'server-1')
        Server.objects.update(spec={'nonsense': 1})
        response = self.api.patch(f'servers/{row.pk}/', {'comments': 'rack 7'})
        assert response.status_code == 200, response.content

    def test_a_design_is_read_again_where_a_row_changed_and_only_there(self):
        before = design_of(self.fabric)
        assert design_of(self.fabric) is before
        VPC.objects.filter(pk=self.vpc.pk).update(spec=vpc_spec(5))
        after = design_of(self.fabric)
        assert after.entry(self.vpc.identity).spec.subnets['default'].vlan == 1005
        assert after.entry(self.namespace.identity) is before.entry(self.namespace.identity)
        self.vpc.delete()
        assert self.vpc.identity not in design_of(self.fabric)
