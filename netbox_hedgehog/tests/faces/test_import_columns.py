"""Importing resources with a column for each field of the spec, through the pages that people use."""

import json

from django.urls import reverse
from utilities.testing import TestCase

from netbox_hedgehog.catalog import KINDS
from netbox_hedgehog.forms.import_columns import ColumnField, column_fields, find_column
from netbox_hedgehog.models import (
    VPC,
    Connection,
    IPv4Namespace,
    Server,
    Switch,
    VLANNamespace,
    VPCAttachment,
)
from netbox_hedgehog.tests.specimens import make_fabric

MODELS = (VPC, VPCAttachment, IPv4Namespace, VLANNamespace, Switch, Server, Connection)


class ImportColumnTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        # Among resources that are imported one by one, what the others lack is no error.
        cls.fabric = make_fabric(is_draft=True)

    def setUp(self):
        super().setUp()
        self.add_permissions(
            'netbox_hedgehog.view_hedgehogfabric',
            *(f'netbox_hedgehog.{action}_{model._meta.model_name}' for model in MODELS for action in ('add', 'change')),
        )

    def url(self, model):
        return reverse(f'plugins:netbox_hedgehog:{model._meta.model_name}_bulk_import')

    def post(self, model, text, **fields):
        return self.client.post(self.url(model), {'data': text, 'format': 'auto', 'csv_delimiter': 'auto', **fields})

    def specs(self, model, text, **fields):
        """Import a text, and return the specs of what there is then, by name."""
        response = self.post(model, text, **fields)
        assert response.status_code == 302, response.context['form'].errors
        return {resource.name: resource.spec for resource in model.objects.all()}

    def errors(self, model, text):
        before = model.objects.count()
        response = self.post(model, text)
        self.assertHttpStatus(response, 200)
        assert model.objects.count() == before
        return [str(error) for errors in response.context['form'].errors.values() for error in errors]

    def test_plain_columns(self):
        text = (
            'fabric,name,subnet,connection,nativeVLAN\nlab,a,vpc-1/default,conn-1,true\nlab,b,vpc-1/default,conn-2,\n'
        )
        assert self.specs(VPCAttachment, text) == {
            'a': {'subnet': 'vpc-1/default', 'connection': 'conn-1', 'nativeVLAN': True},
            'b': {'subnet': 'vpc-1/default', 'connection': 'conn-2'},
        }

    def test_nested_columns_and_lists(self):
        text = (
            'fabric;name;role;profile;asn;boot.serial;groups;redundancy.group;redundancy.type;portGroupSpeeds.1\n'
            'lab;leaf-1;server-leaf;vs;65101;0012;eslag-1, other;eslag-1;eslag;10G\n'
            'lab;spine-1;spine;vs;65100;;;;;\n'
        )
        assert self.specs(Switch, text) == {
            'leaf-1': {
                'role': 'server-leaf',
                'profile': 'vs',
                'asn': 65101,
                'boot': {'serial': '0012'},
                'groups': ['eslag-1', 'other'],
                'redundancy': {'group': 'eslag-1', 'type': 'eslag'},
                'portGroupSpeeds': {'1': '10G'},
            },
            'spine-1': {'role': 'spine', 'profile': 'vs', 'asn': 65100},
        }

    def test_entries_of_maps(self):
        text = (
            'fabric,name,subnets.default.subnet,subnets.default.vlan,subnets.default.dhcp.enable,subnets.b.subnet\n'
            'lab,vpc-1,10.0.1.0/24,1001,True,\n'
        )
        assert self.specs(VPC, text) == {
            'vpc-1': {'subnets': {'default': {'subnet': '10.0.1.0/24', 'vlan': 1001, 'dhcp': {'enable': True}}}}
        }

    def test_items_of_lists_in_any_order_of_columns(self):
        text = (
            'fabric\tname\tbundled.links.1.server.port\tbundled.links.1.switch.port\t'
            'bundled.links.0.server.port\tbundled.links.0.switch.port\n'
            'lab\ta\ts/2\tleaf-1/E1/2\ts/1\tleaf-1/E1/1\n'
            'lab\tb\t\t\ts/3\tleaf-1/E1/3\n'
        )
        links = [{'server': {'port': f's/{n}'}, 'switch': {'port': f'leaf-1/E1/{n}'}} for n in (1, 2, 3)]
        assert self.specs(Connection, text) == {
            'a': {'bundled': {'links': links[:2]}},
            'b': {'bundled': {'links': links[2:]}},
        }

    def test_a_connection_of_the_type_fabric_is_told_from_the_fabric(self):
        columns = 'fabric.links.0.spine.port,fabric.links.0.leaf.port'
        text = f'fabric.id,name,{columns}\n{self.fabric.pk},a,spine-1/1,leaf-1/1\n'
        link = {'spine': {'port': 'spine-1/1'}, 'leaf': {'port': 'leaf-1/1'}}
        assert self.specs(Connection, text) == {'a': {'fabric': {'links': [link]}}}

    def test_the_longer_name_tells_a_field_from_one_of_netbox(self):
        text = 'fabric,name,description,spec.description\nlab,a,Ours,That of the manifest\n'
        assert self.specs(Server, text) == {'a': {'description': 'That of the manifest'}}
        assert Server.objects.get().description == 'Ours'

    def test_columns_complete_the_spec_that_is_given(self):
        spec = json.dumps({'ranges': [{'from': 1000}, {'from': 2500}]}).replace('"', '""')
        text = f'fabric,name,spec,ranges.0.to,ranges.2.from\nlab,a,"{spec}",1100,2000\n'
        assert self.specs(VLANNamespace, text) == {
            'a': {'ranges': [{'from': 1000, 'to': 1100}, {'from': 2500}, {'from': 2000}]}
        }

    def test_yaml_and_json_may_have_columns_too(self):
        text = '- fabric: lab\n  name: a\n  subnets: [10.0.0.0/16, 10.1.0.0/16]\n'
        assert self.specs(IPv4Namespace, text) == {'a': {'subnets': ['10.0.0.0/16', '10.1.0.0/16']}}
        text = json.dumps([{'fabric': 'lab', 'name': 'b', 'role': 'spine', 'profile': 'vs', 'boot.serial': '7'}])
        assert self.specs(Switch, text) == {'b': {'role': 'spine', 'profile': 'vs', 'boot': {'serial': '7'}}}

    def test_an_update_changes_its_columns_alone(self):
        text = 'fabric,name,role,profile,description,boot.serial,boot.mac\nlab,a,spine,vs,Ours,7,00:00:00:00:00:01\n'
        self.specs(Switch, text)
        switch = Switch.objects.get()
        text = f'id,asn,boot.serial\n{switch.pk},65100,\n'
        assert self.specs(Switch, text) == {
            'a': {'role': 'spine', 'profile': 'vs', 'asn': 65100, 'boot': {'mac': '00:00:00:00:00:01'}}
        }
        switch.refresh_from_db()
        assert switch.description == 'Ours'

    def test_a_problem_is_told_with_row_and_column(self):
        header = 'fabric,name,role,profile,asn,enableAllPorts\n'
        for row, errors in (
            (
                'lab,b,spine,vs,many,yes',
                [
                    'Record 2 asn: This is a text; write 65100.',
                    'Record 2 enableAllPorts: This is a text; write true or false.',
                ],
            ),
            ('lab,b,king,vs,,', ['Record 2 role: Not one of the choices']),
            ('lab,b,spine,vs,99999999999,', ['Record 2 asn: Too large; write 65100.']),
        ):
            with self.subTest(row=row):
                found = self.errors(Switch, f'{header}lab,a,spine,vs,,\n{row}\n')
                assert len(found) == len(errors), found
                for text, error in zip(found, errors, strict=True):
                    assert text.startswith(error), text

    def test_what_is_no_number_is_told_once_and_not_what_follows_from_it(self):
        header = 'fabric,name,subnets.a.subnet,subnets.a.vlan\n'
        for cell, problem in (
            ('abc', 'This is a text'),
            ('\uff11\uff10\uff10', 'This is a text'),
            ('10.5', 'This is a text'),
            ('70000', 'Too large'),
            ('9' * 20, 'Too large'),
            ('-1', 'Too small'),
        ):
            with self.subTest(cell=cell):
                advice = 'write a whole number from 1 to 4094.'
                assert self.errors(VPC, f'{header}lab,a,10.0.1.0/24,{cell}\n') == [
                    f'Record 1 subnets.a.vlan: {problem}; {advice}'
                ]

    def test_what_is_wrong_in_any_fabric_is_told_beside_an_unknown_one(self):
        (fabric, vlan) = self.errors(VPC, 'fabric,name,subnets.a.vlan\nnone,a,abc\n')
        assert fabric.startswith('Record 1 fabric: '), fabric
        assert vlan.startswith('Record 1 subnets.a.vlan: This is a text; '), vlan

    def test_a_column_that_is_refused_leaves_no_gap_to_complain_of(self):
        (error,) = self.errors(VPC, 'fabric,name,spec,subnets.a.vlan\nlab,a,"{""subnets"": []}",7\n')
        assert error.startswith('Record 1 subnets.a.vlan: The spec of this record has something else here'), error

    def test_a_spec_that_cannot_be_read_is_not_taken_for_an_empty_one(self):
        (error,) = self.errors(Switch, 'fabric,name,spec\nlab,a,"{"\n')
        assert error.startswith('Record 1 spec: '), error

    def test_an_update_tells_what_it_breaks_beside_its_columns(self):
        Switch.objects.bulk_create([Switch(fabric=self.fabric, name='a', spec={'role': 'spine', 'profile': 'vs'})])
        (error,) = self.errors(Switch, f'id,redundancy.type\n{Switch.objects.get().pk},eslag\n')
        assert 'redundancy.group: Missing beside the type' in error, error

    def test_a_problem_elsewhere_in_the_spec_keeps_its_path(self):
        (error,) = self.errors(Switch, 'fabric,name,profile,boot.serial\nlab,a,vs,7\n')
        assert error.startswith('Record 1 spec: spec.role: Missing'), error

    def test_items_that_are_plain_values(self):
        text = 'fabric,name,subnets.1,subnets.0\nlab,a,10.1.0.0/16,10.0.0.0/16\nlab,b,,10.2.0.0/16\n'
        assert self.specs(IPv4Namespace, text) == {
            'a': {'subnets': ['10.0.0.0/16', '10.1.0.0/16']},
            'b': {'subnets': ['10.2.0.0/16']},
        }
        subnets = 'subnets.a.vlan,subnets.b.vlan,subnets.a.subnet,subnets.b.subnet'
        text = f'fabric,name,{subnets},permit.0.1,permit.0.0\nlab,a,1001,1002,10.0.1.0/24,10.0.2.0/24,b,a\n'
        assert self.specs(VPC, text)['a']['permit'] == [['a', 'b']]

    def test_items_without_those_before_them_are_refused(self):
        for model, column, cell, missing in (
            (IPv4Namespace, 'subnets.2', '10.0.0.0/16', 'subnets.0'),
            (VPC, 'permit.0.1', 'b', 'permit.0.0'),
            (VPC, 'permit.1.0', 'b', 'permit.0'),
        ):
            with self.subTest(column=column):
                (error, *_) = self.errors(model, f'fabric,name,{column}\nlab,a,{cell}\n')
                assert error == f'Record 1 {column}: Fill in {missing} first.', error

    def update(self, model, spec, columns):
        # As it came from Git: what is wrong with it is not asked.
        model.objects.all().delete()
        model.objects.bulk_create([model(fabric=self.fabric, name='a', spec=spec)])
        cells = ','.join(columns.values())
        return self.specs(model, f'id,{",".join(columns)}\n{model.objects.get().pk},{cells}\n')['a']

    def test_blank_cells_remove_the_items_at_the_positions_that_they_had(self):
        subnets = [f'10.{number}.0.0/16' for number in range(3)]
        for columns, left in (
            ({'subnets.0': '', 'subnets.1': ''}, subnets[2:]),
            ({'subnets.2': '', 'subnets.7': ''}, subnets[:2]),
            ({'subnets.0': '', 'subnets.1': '10.7.0.0/16'}, ['10.7.0.0/16', subnets[2]]),
            ({'subnets': '"10.8.0.0/16,10.9.0.0/16"', 'subnets.0': ''}, ['10.8.0.0/16', '10.9.0.0/16']),
        ):
            with self.subTest(columns=columns):
                assert self.update(IPv4Namespace, {'subnets': subnets}, columns) == {'subnets': left}

    def test_an_item_that_loses_its_last_field_goes(self):
        ranges = [{'from': 1, 'to': 2}, {'from': 3, 'to': 4}, {'from': 5, 'to': 6}]
        left = self.update(VLANNamespace, {'ranges': ranges}, {'ranges.0.from': '', 'ranges.0.to': ''})
        assert left == {'ranges': ranges[1:]}
        left = self.update(VLANNamespace, {'ranges': ranges}, {'ranges.1.from': '', 'ranges.1.to': '7'})
        assert left == {'ranges': [ranges[0], {'to': 7}, ranges[2]]}

    def test_columns_that_contradict_each_other_are_refused(self):
        (error,) = self.errors(Switch, 'fabric,name,role,profile,asn,spec.asn\nlab,a,spine,vs,65100,2\n')
        assert error.startswith('Record 1 spec.asn: This is also column asn'), error
        (error, *_) = self.errors(VLANNamespace, 'fabric,name,spec,ranges.0.from\nlab,a,"{""ranges"": {}}",7\n')
        assert error.startswith('Record 1 ranges.0.from: The spec of this record has something else here'), error
        (error, *_) = self.errors(VLANNamespace, 'fabric,name,ranges.1.from\nlab,a,7\n')
        assert error.startswith('Record 1 ranges.1.from: Fill in ranges.0 first.'), error

    def test_a_column_that_the_kind_has_not_is_refused(self):
        for header in ('colour', 'boot.colour', 'boot', 'links.0.server.port', 'groups.0.name'):
            with self.subTest(header=header):
                (error,) = self.errors(Switch, f'fabric,name,role,profile,{header}\nlab,a,spine,vs,7\n')
                assert f'Unrecognized header: {header}' in error

    def test_the_page_lists_the_columns(self):
        page = self.client.get(self.url(VPC)).content.decode()
        for name in ('ipv4Namespace', 'subnets.&lt;key&gt;.vlan', 'subnets.&lt;key&gt;.dhcp.options.dnsServers'):
            assert name in page, name
        page = self.client.get(self.url(Server)).content.decode()
        assert 'spec.description' in page


def test_every_listed_column_is_found_again():
    for kind in KINDS.values():
        for name, field in column_fields(kind, ('description',)).items():
            found = find_column(kind, name.replace('<key>', 'key').replace('<n>', '0'))
            assert isinstance(found, ColumnField), (kind.name, name)
            assert len(found.steps) == len(field.steps)
