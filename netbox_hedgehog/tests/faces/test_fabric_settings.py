"""The settings of a fabric where people meet them: form, import, page, clone, REST, GraphQL."""

import re

from django.urls import reverse
from utilities.testing import TestCase

from netbox_hedgehog import forms
from netbox_hedgehog.catalog import FabricSettings
from netbox_hedgehog.models import SETTINGS, HedgehogFabric
from netbox_hedgehog.tests.faces.api_client import ApiClient
from netbox_hedgehog.tests.faces.fabric_state import url_of
from netbox_hedgehog.tests.specimens import make_fabric as make_draft

ADD = '/plugins/hedgehog/fabrics/add/'


def make_fabric(name='Lab', **fields):
    return make_draft(name, **{'is_installed': True, 'is_draft': False, **fields})


class FormTests(TestCase):
    user_permissions = (
        'netbox_hedgehog.view_hedgehogfabric',
        'netbox_hedgehog.change_hedgehogfabric',
        'netbox_hedgehog.add_hedgehogfabric',
        'netbox_hedgehog.view_gitrepository',
    )

    @classmethod
    def setUpTestData(cls):
        cls.fabric = make_fabric()

    def posted(self, page, **changes):
        """Return what a browser sends for the form that a page shows, with some fields changed."""
        form = page.context['form']
        data = {name: form[name].value() for name in form.fields}
        data = {name: form.fields[name].prepare_value(value) for name, value in data.items()}
        data |= changes
        return {name: value for name, value in data.items() if value not in (None, False, [])}

    def edit(self, **changes):
        page = self.client.get(url_of(self.fabric, 'edit'))
        return self.client.post(url_of(self.fabric, 'edit'), self.posted(page, **changes))

    def settings(self):
        return HedgehogFabric.objects.get(pk=self.fabric.pk).settings

    def test_every_setting_is_in_the_form_and_one_tab_is_open(self):
        page = self.client.get(ADD)
        text = page.content.decode()
        for name in SETTINGS:
            assert f'name="{name}"' in text, name
        assert '172.30.0.0/21, 172.30.128.0/17' in text
        panes = re.findall(r'class="tab-pane ([^"]*)"', text.partition('Addresses and numbers')[2])
        assert [('active' in classes) for classes in panes[:3]] == [True, False, False], panes

    def test_a_form_that_is_sent_as_it_is_changes_nothing(self):
        self.assertHttpStatus(self.edit(), 302)
        assert self.settings() == FabricSettings()

    def test_lists_are_separated_by_commas_spaces_and_lines(self):
        response = self.edit(reserved_subnets='10.1.0.0/16, 10.2.0.0/16\r\n10.3.0.0/16 10.4.0.0/16\n')
        self.assertHttpStatus(response, 302)
        assert self.settings().reserved_subnets == ('10.1.0.0/16', '10.2.0.0/16', '10.3.0.0/16', '10.4.0.0/16')

    def test_a_blank_field_takes_the_default(self):
        HedgehogFabric.objects.update(reserved_subnets=['10.1.0.0/16'], spine_asn=65000, vtep_subnet='10.9.0.0/16')
        self.assertHttpStatus(self.edit(reserved_subnets='', spine_asn='', vtep_subnet=''), 302)
        assert self.settings() == FabricSettings()

    def test_a_problem_stands_beside_its_field_and_opens_its_tab(self):
        response = self.edit(spine_asn='65200', vpc_irb_vlan_ranges='3000-', fabric_mtu='10000')
        self.assertHttpStatus(response, 200)
        assert set(response.context['form'].errors) == {'vpc_irb_vlan_ranges'}
        response = self.edit(spine_asn='65200', fabric_mtu='10000')
        assert set(response.context['form'].errors) == {'spine_asn', 'fabric_mtu'}
        panes = re.findall(r'class="tab-pane ([^"]*)"', response.content.decode().partition('Addresses and numbers')[2])
        assert [('active' in classes) for classes in panes[:3]] == [False, True, False], panes
        assert self.settings() == FabricSettings()

    def test_a_clone_has_the_same_settings(self):
        changed = {
            'release': '25.05',
            'is_draft': True,
            'is_installed': False,
            'reserved_subnets': ['10.1.0.0/16'],
            'vpc_irb_vlan_ranges': ['100-199', '300'],
            'include_cumulus': False,
        }
        HedgehogFabric.objects.update(**changed)
        page = self.client.get(url_of(self.fabric)).content.decode()
        link = re.search(rf'"({ADD}\?[^"]*)"', page)[1].replace('&amp;', '&')
        data = self.posted(self.client.get(link), name='Copy', slug='copy', directory='copy')
        self.assertHttpStatus(self.client.post(ADD, data), 302)
        assert HedgehogFabric.objects.get(slug='copy').settings == self.settings()
        assert self.settings() != FabricSettings()

    def test_the_page_shows_the_settings(self):
        HedgehogFabric.objects.update(release='newer', vpc_irb_vlan_ranges=['100-199', '300'])
        page = self.client.get(url_of(self.fabric)).content.decode()
        panel = page.partition('Validation settings')[2]
        assert 'Newer' in panel
        assert '100-199, 300' in panel
        assert '172.30.0.0/21, 172.30.128.0/17' in panel
        for field in HedgehogFabric._meta.fields:
            if field.name in SETTINGS:
                assert field.verbose_name.lower() in panel.lower(), field.name

    def test_the_filter_form_filters(self):
        make_fabric('Other', is_draft=True, release='25.01')
        for parameters, shown in (({'is_draft': 'true'}, ['Other']), ({'release': '26.03'}, ['Lab'])):
            page = self.client.get(reverse('plugins:netbox_hedgehog:hedgehogfabric_list'), parameters)
            assert [row.record.name for row in page.context['table'].rows] == shown


class ImportTests(TestCase):
    user_permissions = (
        'netbox_hedgehog.view_hedgehogfabric',
        'netbox_hedgehog.add_hedgehogfabric',
        'netbox_hedgehog.change_hedgehogfabric',
        'netbox_hedgehog.view_gitrepository',
    )

    @classmethod
    def setUpTestData(cls):
        cls.fabric = make_fabric()

    def send(self, text):
        data = {'data': text, 'format': 'auto', 'csv_delimiter': 'auto'}
        return self.client.post(reverse('plugins:netbox_hedgehog:hedgehogfabric_bulk_import'), data)

    def test_csv_and_json_bring_lists_and_what_is_missing_has_its_default(self):
        csv = 'name,slug,repository,reserved_subnets,is_installed\nA,a,Lab manifests,"10.1.0.0/16,10.2.0.0/16",no\n'
        json = '[{"name": "B", "slug": "b", "repository": "Lab manifests", "reserved_subnets": ["10.1.0.0/16"]}]'
        for text in (csv.replace(',no', ',false'), json):
            response = self.send(text)
            assert response.status_code == 302, response.context['form'].errors
        one, other = (HedgehogFabric.objects.get(slug=slug).settings for slug in 'ab')
        assert one == FabricSettings(reserved_subnets=('10.1.0.0/16', '10.2.0.0/16'), is_installed=False)
        assert other == FabricSettings(reserved_subnets=('10.1.0.0/16',))

    def test_an_update_leaves_the_other_settings_alone(self):
        HedgehogFabric.objects.update(is_draft=True, spine_asn=65000)
        self.assertHttpStatus(self.send(f'id,release\n{self.fabric.pk},newer\n'), 302)
        settings = HedgehogFabric.objects.get(pk=self.fabric.pk).settings
        assert settings == FabricSettings(is_draft=True, spine_asn=65000, release='newer')

    def test_a_problem_of_a_setting_that_is_not_in_the_file_is_told(self):
        response = self.send(f'id,leaf_asn_start\n{self.fabric.pk},65000\n')
        self.assertHttpStatus(response, 200)
        assert 'spine_asn' in str(response.context['form'].errors)

    def test_each_setting_has_a_column(self):
        assert set(SETTINGS) <= set(forms.HedgehogFabricImportForm.base_fields)


class BulkEditTests(TestCase):
    user_permissions = ('netbox_hedgehog.view_hedgehogfabric', 'netbox_hedgehog.change_hedgehogfabric')

    def test_flags_are_switched_on_and_off_and_left_alone(self):
        fabrics = [make_fabric(name, is_installed=False) for name in ('One', 'Two')]
        data = {'pk': [fabric.pk for fabric in fabrics], '_apply': True, 'is_draft': 'True', 'release': 'newer'}
        url = reverse('plugins:netbox_hedgehog:hedgehogfabric_bulk_edit')
        self.assertHttpStatus(self.client.post(url, data), 302)
        expected = FabricSettings(is_installed=False, is_draft=True, release='newer')
        assert [fabric.settings for fabric in HedgehogFabric.objects.all()] == [expected] * 2
        self.assertHttpStatus(self.client.post(url, {**data, 'is_draft': 'False', 'release': ''}), 302)
        expected = FabricSettings(is_installed=False, release='newer')
        assert [fabric.settings for fabric in HedgehogFabric.objects.all()] == [expected] * 2


class ApiTests(TestCase):
    def setUp(self):
        super().setUp()
        self.fabric = make_fabric()
        self.api = ApiClient()
        self.api.allow('view_hedgehogfabric', 'change_hedgehogfabric', 'view_gitrepository')

    def patch(self, **data):
        return self.api.patch(f'fabrics/{self.fabric.pk}/', data)

    def test_every_setting_is_shown(self):
        found = self.api.get(f'fabrics/{self.fabric.pk}/').json()
        assert found['release'] == {'value': '26.03', 'label': '26.03'}
        assert found['reserved_subnets'] == list(FabricSettings().reserved_subnets)
        assert found['vpc_irb_vlan_ranges'] == ['3000-3899']
        assert found['spine_asn'] == 65100
        assert set(SETTINGS) <= set(found)

    def test_every_problem_is_told_at_its_field(self):
        response = self.patch(spine_asn=65200, fabric_mtu=10000, reserved_subnets=['ten'], gateway_communities=['1'])
        assert response.status_code == 400
        found = response.json()
        assert set(found) == {'spine_asn', 'fabric_mtu', 'reserved_subnets', 'gateway_communities'}
        assert found['reserved_subnets'][0].startswith('ten: ')
        for data in ({'reserved_subnets': '10.0.0.0/8'}, {'spine_asn': 'x'}, {'spine_asn': None}, {'release': '1.0'}):
            response = self.patch(**data)
            assert response.status_code == 400, data
            assert list(response.json()) == list(data)
        assert HedgehogFabric.objects.get().settings == FabricSettings()

    def test_an_empty_list_or_text_takes_the_default(self):
        assert self.patch(reserved_subnets=['10.0.0.0/8'], vtep_subnet='10.1.0.0/16').status_code == 200
        response = self.patch(reserved_subnets=[], vtep_subnet='')
        assert response.status_code == 200
        assert response.json()['reserved_subnets'] == list(FabricSettings().reserved_subnets)
        assert HedgehogFabric.objects.get().settings == FabricSettings()

    def test_graphql_shows_settings_and_chooses_by_them(self):
        make_fabric('Draft', is_draft=True, release='25.01', spine_asn=4200000000)
        for filters in ('is_draft: {exact: true}', 'release: {exact: RELEASE_25_01}'):
            fields = 'slug release is_installed reserved_subnets vpc_irb_vlan_ranges spine_asn fabric_mtu'
            query = f'{{ hedgehog_fabric_list(filters: {{ {filters} }}) {{ {fields} }} }}'
            response = self.api.client.post(
                '/graphql/', {'query': query}, content_type='application/json', headers=self.api.headers
            )
            assert response.json()['data']['hedgehog_fabric_list'] == [
                {
                    'slug': 'draft',
                    'release': '25.01',
                    'is_installed': True,
                    'reserved_subnets': list(FabricSettings().reserved_subnets),
                    'vpc_irb_vlan_ranges': ['3000-3899'],
                    'spine_asn': 4200000000,
                    'fabric_mtu': 9100,
                }
            ], response.json()
