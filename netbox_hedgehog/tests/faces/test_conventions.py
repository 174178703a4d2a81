"""Every kind has every face, under the name by which NetBox looks it up."""

import inspect
from importlib import import_module

import pytest
from django.urls import resolve, reverse
from netbox.registry import registry
from utilities.permissions import get_permission_for_model

from netbox_hedgehog import filtersets, forms, navigation, search, tables, views
from netbox_hedgehog.models import RESOURCE_MODELS, GitCredential, GitRepository, HedgehogFabric, PendingChange, SyncRun
from netbox_hedgehog.tests.specimens import SPECIMENS

EDITABLE = (GitCredential, GitRepository, HedgehogFabric, *RESOURCE_MODELS)
RECORDS = (PendingChange, SyncRun)

FACES = {
    forms: ('Form', 'ImportForm', 'BulkEditForm', 'FilterForm'),
    tables: ('Table',),
    filtersets: ('FilterSet',),
    views: ('ListView', 'View', 'EditView', 'DeleteView', 'BulkImportView', 'BulkEditView', 'BulkDeleteView'),
}
SLUGS = {
    'gitcredential': 'git-credentials',
    'gitrepository': 'git-repositories',
    'hedgehogfabric': 'fabrics',
    'vpc': 'vpcs',
    'vpcattachment': 'vpc-attachments',
    'vpcpeering': 'vpc-peerings',
    'external': 'externals',
    'externalattachment': 'external-attachments',
    'externalpeering': 'external-peerings',
    'ipv4namespace': 'ipv4-namespaces',
    'vlannamespace': 'vlan-namespaces',
    'switch': 'switches',
    'switchgroup': 'switch-groups',
    'server': 'servers',
    'connection': 'connections',
    'gateway': 'gateways',
    'gatewaygroup': 'gateway-groups',
    'gatewaypeering': 'gateway-peerings',
    'pendingchange': 'pending-changes',
    'syncrun': 'sync-runs',
}
MENU = {
    'Operate': ['Fabrics', 'Pending changes', 'Sync runs'],
    'VPC': [
        'VPCs',
        'VPC attachments',
        'VPC peerings',
        'Externals',
        'External attachments',
        'External peerings',
        'IPv4 namespaces',
    ],
    'Wiring': ['VLAN namespaces', 'Switches', 'Switch groups', 'Servers', 'Connections'],
    'Gateway': ['Gateways', 'Gateway groups', 'Gateway peerings'],
    'Git': ['Repositories', 'Credentials'],
}


def of(model, view):
    return f'plugins:netbox_hedgehog:{model._meta.model_name}_{view}'


@pytest.mark.parametrize('model', EDITABLE)
@pytest.mark.parametrize('package', FACES)
def test_every_model_has_every_face(package, model):
    for suffix in FACES[package]:
        face = getattr(package, f'{model.__name__}{suffix}')
        assert inspect.isclass(face)
        assert face.__name__ == f'{model.__name__}{suffix}'
        assert face.__module__.startswith(package.__name__)
        assert face.__doc__


@pytest.mark.parametrize('model', EDITABLE)
def test_every_model_has_rest_and_graphql(model):
    serializers = import_module('netbox_hedgehog.api.serializers')
    assert getattr(serializers, f'{model.__name__}Serializer')
    for module, suffix in (('types', 'Type'), ('filters', 'Filter')):
        assert getattr(import_module(f'netbox_hedgehog.graphql.{module}'), f'{model.__name__}{suffix}')


@pytest.mark.parametrize('model', [*EDITABLE, *RECORDS])
def test_addresses_are_those_of_the_address_scheme(model):
    slug = SLUGS[model._meta.model_name]
    assert reverse(of(model, 'list')) == f'/plugins/hedgehog/{slug}/'
    assert reverse(f'plugins:netbox_hedgehog:{model._meta.model_name}', args=[1]) == f'/plugins/hedgehog/{slug}/1/'
    assert reverse(f'plugins-api:netbox_hedgehog-api:{model._meta.model_name}-list') == f'/api/plugins/hedgehog/{slug}/'


@pytest.mark.parametrize('model', EDITABLE)
def test_every_model_has_every_page(model):
    for view in ('add', 'bulk_import', 'bulk_edit', 'bulk_delete'):
        assert resolve(reverse(of(model, view)))
    for view in ('edit', 'delete', 'changelog', 'journal'):
        assert resolve(reverse(of(model, view), args=[1]))


@pytest.mark.parametrize('model', EDITABLE)
def test_every_model_can_be_searched_for(model):
    label = f'netbox_hedgehog.{model._meta.model_name}'
    assert registry['search'][label] in search.indexes
    assert registry['filtersets'][label].Meta.model is model


@pytest.mark.parametrize('model', RESOURCE_MODELS)
def test_every_kind_has_a_reference_and_specimens(model):
    assert reverse('plugins:netbox_hedgehog:kind_reference', args=[model._meta.model_name])
    assert len(SPECIMENS[model.kind.name].specs) == 3


def test_the_menu_has_an_entry_for_every_model():
    shown = {str(group.label): [str(item.link_text) for item in group.items] for group in navigation.menu.groups}
    assert shown == MENU
    items = {item.link: item for group in navigation.menu.groups for item in group.items}
    assert set(items) == {of(model, 'list') for model in (*EDITABLE, *RECORDS)}
    for model in (*EDITABLE, *RECORDS):
        item = items[of(model, 'list')]
        assert resolve(str(item.url))
        assert item.permissions == [get_permission_for_model(model, 'view')]
        wanted = ('add', 'bulk_import') if model in EDITABLE else ()
        assert [button.link for button in item.buttons] == [of(model, view) for view in wanted]
        for button in item.buttons:
            assert resolve(str(button.url))
            assert button.permissions == [get_permission_for_model(model, 'add')]


@pytest.mark.parametrize('model', EDITABLE)
def test_bulk_edit_fieldsets_omit_what_netbox_renders_itself(model):
    form = getattr(forms, f'{model.__name__}BulkEditForm')
    assert form.fieldsets
    fields = {item for fieldset in form.fieldsets for item in fieldset.items}
    assert fields <= set(form.base_fields)
    assert not fields & {'add_tags', 'remove_tags', 'owner', 'comments'}
