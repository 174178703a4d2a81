"""The form of every kind: what it shows, what posting it saves, and where its problems stand."""

import copy
import re
from urllib.parse import urlencode

import pytest
from core.models import ObjectChange
from django.http import QueryDict
from django.urls import reverse
from utilities.testing import TestCase

from netbox_hedgehog.catalog.ports import CONNECTION_TYPES, REMOVED_CONNECTION_TYPES
from netbox_hedgehog.forms import VPCForm
from netbox_hedgehog.forms.spec import spec_fields
from netbox_hedgehog.forms.spec.fields import Entries, Group, Rows, Variants
from netbox_hedgehog.models import RESOURCE_MODELS, VPC, Connection, HedgehogFabric, Switch, VPCAttachment
from netbox_hedgehog.tests.faces.page_form import form_on
from netbox_hedgehog.tests.specimens import SPECIMENS, make_fabric, make_resource

ANY_TYPE = (*CONNECTION_TYPES, *REMOVED_CONNECTION_TYPES)


class SpecFormTestCase(TestCase):
    """Opens pages, and posts what a browser would post of them."""

    user_permissions = (
        'netbox_hedgehog.view_hedgehogfabric',
        *(
            f'netbox_hedgehog.{action}_{model._meta.model_name}'
            for model in RESOURCE_MODELS
            for action in ('view', 'add', 'change')
        ),
    )

    @classmethod
    def setUpTestData(cls):
        cls.fabric = make_fabric()

    def address(self, model, view='add', *args):
        return reverse(f'plugins:netbox_hedgehog:{model._meta.model_name}_{view}', args=args)

    def page(self, resource):
        response = self.client.get(self.address(type(resource), 'edit', resource.pk))
        self.assertHttpStatus(response, 200)
        return form_on(response.content.decode())

    def blank_page(self, model, **parameters):
        response = self.client.get(self.address(model), {'fabric': self.fabric.pk, **parameters})
        self.assertHttpStatus(response, 200)
        return form_on(response.content.decode())

    def save(self, resource, fields):
        """Post the form of a stored resource; the problems where it is refused."""
        response = self.client.post(self.address(type(resource), 'edit', resource.pk), fields)
        if response.status_code == 302:
            resource.refresh_from_db()
            return None
        return form_on(response.content.decode())

    def assert_saved(self, resource, fields):
        refused = self.save(resource, fields)
        assert refused is None, refused.errors

    def add(self, model, name, fields):
        page = self.blank_page(model).fields
        data = {**page, 'fabric': self.fabric.pk, 'name': name, 'editor': 'fields', **fields}
        response = self.client.post(self.address(model), data)
        if response.status_code == 302:
            return model.objects.get(fabric=self.fabric, name=name)
        return form_on(response.content.decode())

    def stored(self, model, spec, name='item-1'):
        """Put a resource into the database as it came from Git, right or wrong."""
        resource = model(fabric=self.fabric, name=name, spec=spec)
        model.objects.bulk_create([resource])
        return model.objects.get(fabric=self.fabric, name=name)


UNKNOWN = {'futureField': {'a': [1, {'b': None}]}}


def with_unknown_fields(value):
    """Add a field that no form knows to every map of a spec."""
    if isinstance(value, dict):
        return {key: with_unknown_fields(item) for key, item in value.items()} | UNKNOWN
    return [with_unknown_fields(item) for item in value] if isinstance(value, list) else value


class UnchangedFormTests(SpecFormTestCase):
    """What nobody has changed stays as it is."""

    def assert_stays(self, resource):
        before, changes = copy.deepcopy(resource.spec), ObjectChange.objects.count()
        page = self.page(resource)
        assert page.fields['editor'] == 'fields'
        assert self.save(resource, {**page.fields, 'description': 'Looked at'}) is None
        assert resource.spec == before
        assert resource.description == 'Looked at'
        assert ObjectChange.objects.count() == changes + 1

    def test_of_every_kind(self):
        for model in RESOURCE_MODELS:
            specimen = SPECIMENS[model.kind.name]
            for name, spec in zip(specimen.new_names, (*specimen.specs[1:], specimen.update), strict=True):
                with self.subTest(kind=model.kind.name, name=name):
                    self.assert_stays(self.stored(model, spec, name))

    def test_fields_that_the_form_does_not_know(self):
        for model in RESOURCE_MODELS:
            with self.subTest(kind=model.kind.name):
                spec = SPECIMENS[model.kind.name].update
                known = {'peering', 'subnets'} & spec.keys()
                spec = with_unknown_fields(spec)
                for name in known:
                    if isinstance(spec[name], dict):
                        spec[name].pop('futureField')
                if model.kind.name == 'VPCPeering':
                    for item in spec['permit']:
                        item.pop('futureField')
                if model.kind.name == 'Gateway':
                    spec['interfaces'].pop('futureField')
                self.assert_stays(self.stored(model, spec))

    def test_values_of_another_shape(self):
        for number, spec in enumerate(
            (
                {'subnets': {'default': {'vlan': '1001', 'subnet': 5, 'dhcp': True, 'isolated': False}}},
                {'subnets': {'default': None, 'other': {}}, 'permit': [['a', 'b,c'], [], None], 'mode': ''},
                {'subnets': ['a'], 'ipv4Namespace': {'name': 'a'}, 'vlanNamespace': None, 'staticRoutes': []},
                {'subnets': {'': {'vlan': 1}}, 'defaultIsolated': 'yes', 'staticRoutes': [None, {}, {'prefix': 'x '}]},
                {'mode': 'l9vni', 'subnets': {'a.b/c d"<é': {'vlan': 1.5, 'gateway': ' ', 'restricted': True}}},
                {'ipv4Namespace': 'two\nlines', 'vlanNamespace': '\ttab', 'permit': [[' a'], ['\x01']]},
            )
        ):
            with self.subTest(spec=spec):
                self.assert_stays(self.stored(VPC, spec, f'vpc-{number}'))

    def test_a_connection_with_two_types_keeps_both(self):
        spec = SPECIMENS['Connection'].specs[0] | SPECIMENS['Connection'].specs[1]
        self.assert_stays(self.stored(Connection, spec))


SECOND = {'subnet': '10.0.2.0/24', 'vlan': 1002}
NEW_SUBNET = {'was': '', 'key': 'third', 'subnet': '10.0.3.0/24', 'vlan': '1003'}


class TypedChangeTests(SpecFormTestCase):
    """What is changed in a field changes that field."""

    def vpc(self, **fields):
        subnet = {'subnet': '10.0.1.0/24', 'vlan': 1001, 'futureField': 1}
        spec = {'subnets': {'back': subnet, 'front': SECOND}, **fields}
        return self.stored(VPC, spec, 'vpc-1')

    def change(self, resource, *removed, **fields):
        page = self.page(resource)
        data = {name: value for name, value in page.fields.items() if not name.startswith(removed or ('\0',))}
        self.assert_saved(resource, data | fields)
        return resource.spec

    def test_an_input(self):
        spec = self.change(self.vpc(), **{'spec.subnets.0.vlan': ' 1007 ', 'spec.ipv4Namespace': 'other'})
        assert spec['subnets']['back'] == {'subnet': '10.0.1.0/24', 'vlan': 1007, 'futureField': 1}
        assert spec['ipv4Namespace'] == 'other'

    def test_an_emptied_input_is_an_absent_field(self):
        spec = self.change(self.vpc(mode='l3vni'), **{'spec.mode': '', 'spec.subnets.1.gateway': ''})
        assert 'mode' not in spec
        assert spec['subnets']['front'] == {'subnet': '10.0.2.0/24', 'vlan': 1002}

    def test_a_row_that_is_gone(self):
        assert list(self.change(self.vpc(), 'spec.subnets.0.')['subnets']) == ['front']

    def test_a_row_that_is_marked_where_no_script_runs(self):
        assert list(self.change(self.vpc(), **{'spec.subnets.1.remove': 'true'})['subnets']) == ['back']

    def test_a_new_row(self):
        new = {f'spec.subnets.7.{name}': value for name, value in NEW_SUBNET.items()}
        assert self.change(self.vpc(), **new)['subnets']['third'] == {'subnet': '10.0.3.0/24', 'vlan': 1003}

    def test_a_new_row_that_stays_blank_is_nothing(self):
        new = {'spec.subnets.7.was': '', 'spec.subnets.7.key': '', 'spec.subnets.7.vlan': ''}
        assert list(self.change(self.vpc(), **new)['subnets']) == ['back', 'front']

    def test_a_flag_that_was_written_is_turned_off_not_removed(self):
        vpc = self.vpc(defaultIsolated=True)
        page = self.page(vpc)
        del page.fields['spec.defaultIsolated']
        assert self.save(vpc, page.fields) is None
        assert vpc.spec['defaultIsolated'] is False
        assert 'defaultRestricted' not in vpc.spec

    def test_a_flag_whose_default_is_elsewhere_can_be_left_open(self):
        vpc = self.vpc()
        for posted, wanted in (('true', True), ('false', False), ('', None)):
            spec = self.change(vpc, **{'spec.subnets.0.isolated': posted})
            assert spec['subnets']['back'].get('isolated') is wanted

    def test_texts_are_separated_by_commas(self):
        vpc = self.vpc(permit=[['back', 'front']])
        assert self.change(vpc, **{'spec.permit.0.value': 'front ,back,, '})['permit'] == [['front', 'back']]

    def test_an_emptied_structure_goes(self):
        vpc = self.vpc(subnets={'back': SECOND | {'dhcp': {'range': {'start': '10.0.2.5'}}}})
        spec = self.change(vpc, **{'spec.subnets.0.dhcp.range.start': ''})
        assert spec['subnets'] == {'back': SECOND}

    def test_rows_in_another_order(self):
        rows = [
            {'prefix': '10.1.0.0/16', 'nextHops': ['10.0.1.9']},
            {'prefix': '10.2.0.0/16', 'nextHops': ['10.0.1.9']},
        ]
        vpc = self.vpc(staticRoutes=rows)
        page = self.page(vpc)
        first = {name: page.fields.pop(name) for name in list(page.fields) if name.startswith('spec.staticRoutes.0.')}
        assert self.save(vpc, page.fields | first) is None
        assert vpc.spec['staticRoutes'] == rows[::-1]


class NewResourceTests(SpecFormTestCase):
    def test_a_vpc(self):
        vpc = self.add(
            VPC,
            'vpc-1',
            {'spec.subnets.0.key': 'default', 'spec.subnets.0.subnet': '10.0.1.0/24', 'spec.subnets.0.vlan': '1001'},
        )
        assert vpc.spec == {'subnets': {'default': {'subnet': '10.0.1.0/24', 'vlan': 1001}}}

    def test_a_pair_of_inputs_needs_no_word_on_how_its_parts_are_spelled(self):
        page = self.blank_page(VPCAttachment)
        assert page.attributes['spec.subnet']['aria-describedby'] == 'id_spec.subnet_errors'
        assert page.attributes['spec.connection']['aria-describedby'].endswith('id_spec.connection_help')

    def test_an_attachment(self):
        make_resource(VPC, self.fabric, 'vpc-1')
        fields = {'spec.subnet': 'vpc-1', 'spec.subnet.part': 'default', 'spec.connection': 'server-01--unbundled'}
        attachment = self.add(VPCAttachment, 'attachment-1', fields)
        assert attachment.spec == {'subnet': 'vpc-1/default', 'connection': 'server-01--unbundled'}

    def test_an_eslag_connection_has_two_links_to_begin_with(self):
        fields = {'spec.choice': 'eslag'}
        for number in (0, 1):
            link = f'spec.eslag.links.{number}'
            fields |= {
                f'{link}.server.port': 'server-01',
                f'{link}.server.port.part': f'enp2s{number}',
                f'{link}.switch.port': f'leaf-0{number + 1}',
                f'{link}.switch.port.part': 'E1/1',
            }
        page = self.blank_page(Connection)
        assert fields.keys() <= page.fields.keys() | {'spec.choice'}
        connection = self.add(Connection, 'connection-1', fields)
        assert connection.spec == {
            'eslag': {
                'links': [
                    {'server': {'port': 'server-01/enp2s0'}, 'switch': {'port': 'leaf-01/E1/1'}},
                    {'server': {'port': 'server-01/enp2s1'}, 'switch': {'port': 'leaf-02/E1/1'}},
                ]
            }
        }

    def test_only_the_chosen_type_is_shown(self):
        html = self.client.get(self.address(Connection), {'spec': '{"unbundled": {}}'}).content.decode()
        assert 'data-value="unbundled">' in html
        for other in ('bundled', 'eslag', 'fabric', 'mesh', 'gateway', 'external'):
            assert f'data-value="{other}" hidden>' in html

    def test_a_link_fills_the_fields(self):
        page = self.blank_page(VPC, spec='{"subnets": {"front": {"vlan": 1234, "later": 1}}}')
        assert (page.fields['spec.subnets.0.key'], page.fields['spec.subnets.0.vlan']) == ('front', '1234')
        assert '"vlan": 1234' in page.fields['spec']
        assert 'later' in page.fields['spec_base']

    def test_add_another_opens_the_form_as_a_copy(self):
        page = self.blank_page(VPC).fields
        data = page | {'fabric': self.fabric.pk, 'name': 'vpc-1', 'spec.subnets.0.key': 'default'}
        data |= {'spec.subnets.0.subnet': '10.0.1.0/24', 'spec.subnets.0.vlan': '1001', '_addanother': ''}
        response = self.client.post(self.address(VPC), data)
        copied = form_on(self.client.get(response.url).content.decode())
        assert copied.fields['spec.subnets.0.vlan'] == '1001'


class ChoiceTests(SpecFormTestCase):
    """A form offers what some fabric takes, and keeps what is there."""

    def texts(self, html):
        return [text.strip() for text in re.findall(r'<option[^>]*>([^<]*)</option>', html)]

    def test_what_no_fabric_takes_is_not_offered(self):
        for model, name, offered in (
            (VPC, 'spec.mode', ['', 'l3vni']),
            (Switch, 'spec.role', ['', 'spine', 'server-leaf', 'border-leaf', 'mixed-leaf']),
            (Switch, 'spec.redundancy.type', ['', 'eslag']),
        ):
            with self.subTest(name=name):
                assert self.blank_page(model).options[name] == offered

    def test_what_is_stored_is_offered_as_not_supported_and_stays(self):
        switch = self.stored(Switch, SPECIMENS['Switch'].specs[0] | {'role': 'virtual-edge'})
        page = self.page(switch)
        assert page.options['spec.role'][-1] == page.fields['spec.role'] == 'virtual-edge'
        html = self.client.get(self.address(Switch, 'edit', switch.pk)).content.decode()
        assert 'virtual-edge (not supported)' in self.texts(html)
        self.assert_saved(switch, page.fields | {'spec.description': 'Still there'})
        assert switch.spec['role'] == 'virtual-edge'

    def test_it_can_be_chosen_again_as_long_as_it_is_stored(self):
        vpc = self.stored(VPC, SPECIMENS['VPC'].specs[0] | {'mode': 'l3flat'})
        page = self.save(vpc, self.page(vpc).fields | {'spec.mode': 'l3vni', 'spec.subnets.0.vlan': 'ten'})
        assert page.options['spec.mode'] == ['', 'l3vni', 'l3flat']

    def test_the_types_of_connections_of_old_come_last_and_are_marked(self):
        assert self.blank_page(Connection).options['spec.choice'] == ['', *ANY_TYPE]
        html = self.client.get(self.address(Connection, 'add')).content.decode()
        marked = [text.partition(':')[0] for text in self.texts(html) if '(not supported)' in text]
        assert marked == [f'{name} (not supported)' for name in REMOVED_CONNECTION_TYPES]


class FixedTypeTests(SpecFormTestCase):
    """The form of a connection says beforehand that its type stays as it is."""

    def setUp(self):
        super().setUp()
        self.connection = make_resource(Connection, self.fabric)

    def install(self):
        HedgehogFabric.objects.filter(pk=self.fabric.pk).update(is_installed=True)

    def test_in_an_installed_fabric_the_type_is_fixed(self):
        self.install()
        page = self.page(self.connection)
        assert page.fields['spec.choice'] == 'unbundled'
        assert page.attributes['spec.choice']['type'] == 'hidden'
        html = self.client.get(self.address(Connection, 'edit', self.connection.pk)).content.decode()
        assert 'The type of a connection stays as it is.' in html
        assert 'data-value="eslag"' not in html

    def test_what_is_saved_is_what_it_was(self):
        self.install()
        before = copy.deepcopy(self.connection.spec)
        self.assert_saved(self.connection, self.page(self.connection).fields | {'spec.unbundled.mtu': '9000'})
        before['unbundled']['mtu'] = 9000
        assert self.connection.spec == before

    def test_before_the_installation_it_may_change(self):
        HedgehogFabric.objects.filter(pk=self.fabric.pk).update(is_installed=False)
        assert self.page(self.connection).options['spec.choice'] == ['', *ANY_TYPE]

    def test_a_new_connection_may_be_of_any_type(self):
        self.install()
        assert self.blank_page(Connection).options['spec.choice'] == ['', *ANY_TYPE]

    def test_a_change_that_was_refused_can_be_taken_back(self):
        self.install()
        ends = self.connection.spec['unbundled']['link']
        page = self.page(self.connection)
        text = f'bundled: {{links: [{ends}]}}'
        refused = self.save(self.connection, page.fields | {'editor': 'yaml', 'spec': text})
        assert 'unbundled' in refused.options['spec.choice']


class ServerPortTests(SpecFormTestCase):
    def test_the_port_of_a_server_is_written_and_not_chosen(self):
        page = self.blank_page(Connection)
        port = page.attributes['spec.unbundled.link.server.port.part']
        assert port['class'] == 'form-control'
        assert 'data-source' not in port
        assert port['aria-describedby'] == 'id_spec.unbundled.link.server.port.part_help'
        switch_port = page.attributes['spec.unbundled.link.switch.port.part']
        assert switch_port['class'] == 'form-select'
        assert switch_port['data-source'] == 'ports:Switch'


class ProblemTests(SpecFormTestCase):
    def refused(self, fields):
        page = self.add(VPC, 'vpc-1', fields)
        assert not isinstance(page, VPC)
        return page

    def test_a_problem_stands_at_its_field(self):
        page = self.refused({'spec.subnets.0.key': 'default', 'spec.subnets.0.vlan': 'ten'})
        assert 'write a whole number' in page.errors['id_spec.subnets.0.vlan']
        assert page.attributes['spec.subnets.0.vlan']['aria-invalid'] == 'true'
        assert page.attributes['spec.subnets.0.vlan']['aria-describedby'].startswith('id_spec.subnets.0.vlan_errors')
        assert page.fields['spec.subnets.0.vlan'] == 'ten'
        assert 'aria-invalid' not in page.attributes['spec.subnets.0.gateway']

    def test_what_a_blank_row_before_it_leaves_out_does_not_move_a_problem(self):
        fields = {'spec.staticRoutes.0.was': '', 'spec.staticRoutes.0.prefix': ''}
        fields |= {'spec.staticRoutes.1.was': '', 'spec.staticRoutes.1.prefix': 'nowhere'}
        page = self.refused({'spec.subnets.0.key': 'default', 'spec.subnets.0.vlan': '99999', **fields})
        assert 'id_spec.staticRoutes.0.prefix' not in page.errors
        assert 'write a whole number from 1 to 4094' in page.errors['id_spec.subnets.0.vlan']

    def test_a_name_that_is_too_long_is_said_at_the_name_without_its_path(self):
        form = VPCForm({'fabric': self.fabric.pk, 'namespace': 'default', 'name': 'twelveletter', 'spec': '{}'})
        assert form.errors['name'] == ['This name is too long with 12 characters; write 11 or fewer.']

    def test_a_name_that_is_missing_is_said_once(self):
        form = VPCForm({'fabric': self.fabric.pk, 'namespace': 'default', 'name': '', 'spec': '{}'})
        assert form.errors['name'] == ['This field is required.']

    def test_a_name_that_is_used_twice(self):
        fields = {'spec.subnets.0.key': 'a', 'spec.subnets.1.was': '', 'spec.subnets.1.key': 'a'}
        fields |= {'spec.subnets.1.vlan': '1002'}
        page = self.refused(fields)
        assert 'used twice' in page.errors['id_spec.subnets.1.row']
        assert page.fields['spec.subnets.1.vlan'] == '1002'

    def test_the_errors_have_no_codes_by_which_django_would_put_its_own_words(self):
        rows = {'spec.subnets.0.was': '', 'spec.subnets.0.vlan': 'ten', 'spec.subnets.1.was': '', 'editor': 'fields'}
        form = VPCForm(QueryDict(urlencode(rows | {'fabric': self.fabric.pk, 'namespace': 'default', 'name': 'vpc-1'})))
        errors = form.errors.as_data()['spec']
        assert {error.params['problem'].rule for error in errors} >= {'name'}
        assert {error.code for error in errors} == {None}

    def test_what_is_no_vlan_is_told_with_those_that_are(self):
        for typed, problem in (
            ('\uff11\uff10\uff10', 'This is a text'),
            ('9' * 20, 'Too large'),
            ('70000', 'Too large'),
        ):
            with self.subTest(typed=typed):
                page = self.refused({'spec.subnets.0.key': 'default', 'spec.subnets.0.vlan': typed})
                assert f'{problem}; write a whole number from 1 to 4094.' in page.errors['id_spec.subnets.0.vlan']

    def test_a_row_without_a_name_is_the_only_problem(self):
        page = self.refused({'spec.subnets.0.vlan': '1002'})
        assert 'no name' in page.errors['id_spec.subnets.0.row']
        assert 'at least one subnet' not in str(page.errors)

    def test_a_row_without_a_name_hides_nothing_of_the_others(self):
        fields = {'spec.subnets.0.vlan': '1002', 'spec.subnets.1.was': '', 'spec.subnets.1.key': 'b'}
        page = self.refused(fields | {'spec.subnets.1.vlan': 'ten'})
        assert 'no name' in page.errors['id_spec.subnets.0.row']
        assert 'write a whole number' in page.errors['id_spec.subnets.1.vlan']

    def test_every_problem_of_what_came_from_git_is_shown_before_anything_is_changed(self):
        page = self.page(self.stored(VPC, {'subnets': {'default': {'vlan': '1001', 'nonsense': 1}}}))
        assert 'without quotes' in page.errors['id_spec.subnets.0.vlan']
        assert page.fields['spec.subnets.0.vlan'] == '"1001"'
        assert 'No such field' in page.errors['id_spec.subnets.0']

    def test_a_number_in_quotes_is_mended_by_taking_them_away(self):
        vpc = self.stored(VPC, {'subnets': {'default': {'vlan': '1001', 'subnet': '10.0.1.0/24'}}})
        page = self.page(vpc)
        assert self.save(vpc, page.fields | {'spec.subnets.0.vlan': '1001'}) is None
        assert vpc.spec['subnets']['default']['vlan'] == 1001

    def test_a_form_that_was_overtaken_is_refused(self):
        vpc = make_resource(VPC, self.fabric)
        page = self.page(vpc)
        VPC.objects.filter(pk=vpc.pk).update(spec=SPECIMENS['VPC'].specs[1])
        refused = self.save(vpc, page.fields | {'spec.subnets.0.vlan': '1007'})
        assert refused is not None
        vpc.refresh_from_db()
        assert vpc.spec == SPECIMENS['VPC'].specs[1]


class YAMLTests(SpecFormTestCase):
    def test_the_yaml_is_saved_where_it_was_chosen(self):
        vpc = make_resource(VPC, self.fabric)
        page = self.page(vpc)
        text = page.fields['spec'].replace('vlan: 1001', 'vlan: 1009')
        assert self.save(vpc, page.fields | {'spec': text, 'editor': 'yaml'}) is None
        assert vpc.spec['subnets']['default']['vlan'] == 1009

    def test_the_fields_are_saved_where_they_were_chosen_whatever_the_yaml_says(self):
        vpc = make_resource(VPC, self.fabric)
        page = self.page(vpc)
        assert self.save(vpc, page.fields | {'spec': ': [', 'spec.subnets.0.vlan': '1009'}) is None
        assert vpc.spec['subnets']['default']['vlan'] == 1009

    def test_after_a_refusal_both_editors_show_what_was_entered(self):
        vpc = make_resource(VPC, self.fabric)
        page = self.page(vpc)
        for entered in (
            {'spec.subnets.0.vlan': 'ten'},
            {'spec': page.fields['spec'].replace('vlan: 1001', 'vlan: ten'), 'editor': 'yaml'},
        ):
            refused = self.save(vpc, page.fields | entered)
            assert 'vlan: ten' in refused.fields['spec']
            assert refused.fields['spec.subnets.0.vlan'] in ('ten', '"ten"')
            assert refused.fields['editor'] == entered.get('editor', 'fields')

    def test_yaml_that_cannot_be_read_leaves_the_fields_as_they_were(self):
        vpc = make_resource(VPC, self.fabric)
        refused = self.save(vpc, self.page(vpc).fields | {'spec': 'a: [', 'editor': 'yaml'})
        assert refused.fields['spec'] == 'a: ['
        assert refused.fields['spec.subnets.0.vlan'] == '1001'


@pytest.mark.parametrize('model', RESOURCE_MODELS)
def test_no_field_is_called_what_the_rows_call_theirs(model):

    def names(node):
        match node:
            case Group() | Variants():
                for field in node.fields:
                    yield field.name
                    yield from names(field.node)
            case Rows() | Entries():
                yield from names(node.item)

    assert not set(names(spec_fields(model.kind))) & {'key', 'was', 'value', 'remove', 'choice', 'part', 'row'}
