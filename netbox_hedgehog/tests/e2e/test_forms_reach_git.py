"""What is filled in, refused, mended and saved in the typed forms is the manifest that is committed."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import Locator, Page, expect

from tools.api import Api
from tools.netbox import PLUGIN_API

from .conftest import Demo
from .steps import git, until

# Dependents first: they are deleted in this order.
_MADE = {'vpc-attachments': ('forms-attach',), 'vpcs': ('forms-vpc',), 'connections': ('forms-1', 'forms-2', 'forms-3')}


@pytest.fixture(scope='module')
def api(demo: Demo) -> Iterator[Api]:
    """The REST API; whatever was made here is gone from NetBox and from Git when the module is over."""
    api = Api(demo.url, demo.token)
    yield api
    for plural, names in _MADE.items():
        for name in names:
            if made := api.first(f'{PLUGIN_API}/{plural}/', name=name):
                api.delete(f'{PLUGIN_API}/{plural}/{made["id"]}/')
    # The next test may count commits.
    left = [
        f'{demo.directory}/managed/{directory_of(plural)}/{name}.yaml' for plural in _MADE for name in _MADE[plural]
    ]
    until(
        lambda: not git(Path(demo.repository), 'ls-tree', demo.branch, *left) or None, 'some manifests are still there'
    )


def directory_of(plural: str) -> str:
    return plural.replace('-', '')


@pytest.fixture
def form(page: Page, demo: Demo, api: Api) -> Callable[[str, str], Page]:
    """Open the form of a new resource."""

    def open_form(plural: str, name: str) -> Page:
        fabric = api.first(f'{PLUGIN_API}/fabrics/', name=demo.fabric)
        assert fabric
        page.goto(f'/plugins/hedgehog/{plural}/add/?fabric={fabric["id"]}&name={name}')
        return page

    return open_form


def field(page: Page, name: str) -> Locator:
    return page.locator(f'[name="{name}"]')


def fill(page: Page, **values: str) -> None:
    """Fill in fields; two underscores in a name stand for a dot."""
    for name, value in values.items():
        field(page, f'spec.{name.replace("__", ".")}').fill(value)


def expect_problem(page: Page, name: str, text: str) -> None:
    """Wait until a problem stands at a field."""
    expect(page.locator(f'[id="id_spec.{name}_errors"]')).to_contain_text(text)


def pick(page: Page, name: str, value: str) -> None:
    """Choose from what is offered for a field, in place of what stands there."""
    field(page, name).fill('')
    page.locator(f'[role="option"][data-value="{value}"]').click()
    expect(field(page, name)).to_have_value(value)


def refused(page: Page) -> None:
    """Send the form, and come back to it."""
    with page.expect_navigation():
        page.get_by_role('button', name='Create', exact=True).click()
    expect(page.locator('#spec-fields')).to_be_visible()


def saved(page: Page, demo: Demo, plural: str, name: str) -> dict[str, Any]:
    """Save the form, wait for the commit, and return the manifest that it wrote."""
    page.get_by_role('button', name='Create', exact=True).click()
    expect(page.get_by_role('heading', name=re.compile(name)).first).to_be_visible()
    repository, path = Path(demo.repository), f'{demo.directory}/managed/{directory_of(plural)}/{name}.yaml'
    commit = until(
        lambda: git(repository, 'log', '-1', '--format=%H', '--diff-filter=A', demo.branch, '--', path).strip() or None,
        f'{path} was not written',
    )
    assert git(repository, 'log', '-1', '--format=%an', commit).strip() == demo.username
    manifest = yaml.safe_load(git(repository, 'show', f'{commit}:{path}'))
    assert (manifest['metadata']['name'], manifest['metadata']['namespace']) == (name, 'default')
    return manifest


def test_a_vpc_of_two_subnets_with_dhcp(form: Callable[[str, str], Page], demo: Demo) -> None:
    page = form('vpcs', 'twelveletter')
    fill(page, subnets__0__key='web', subnets__0__subnet='10.20.30.0/24', subnets__0__vlan='3500')
    page.locator('summary', has_text='DHCP').first.click()
    field(page, 'spec.subnets.0.dhcp.enable').check()
    fill(page, subnets__0__dhcp__range__start='10.20.30.100', subnets__0__dhcp__range__end='10.20.30.199')
    page.get_by_role('button', name='Subnet', exact=True).click()
    fill(page, subnets__1__key='data', subnets__1__subnet='10.20.31.0/24')
    page.get_by_role('button', name='Next free VLAN').nth(1).click()
    expect(field(page, 'spec.subnets.1.vlan')).not_to_have_value('')
    expect_problem(page, 'subnets.0.vlan', 'outside VLANNamespace default')
    refused(page)
    expect_problem(page, 'subnets.0.vlan', 'outside VLANNamespace default')
    expect(page.locator('.row', has=page.locator('#id_name')).last).to_contain_text('write 11 or fewer')
    field(page, 'name').fill('forms-vpc')
    page.get_by_role('button', name='Next free VLAN').first.click()
    expect(field(page, 'spec.subnets.0.vlan')).not_to_have_value('3500')
    vlans = [int(field(page, f'spec.subnets.{row}.vlan').input_value()) for row in (0, 1)]
    assert len(set(vlans)) == 2
    manifest = saved(page, demo, 'vpcs', 'forms-vpc')
    assert (manifest['apiVersion'], manifest['kind']) == ('vpc.githedgehog.com/v1beta1', 'VPC')
    dhcp = {'enable': True, 'range': {'start': '10.20.30.100', 'end': '10.20.30.199'}}
    assert manifest['spec'] == {
        'subnets': {
            'web': {'subnet': '10.20.30.0/24', 'vlan': vlans[0], 'dhcp': dhcp},
            'data': {'subnet': '10.20.31.0/24', 'vlan': vlans[1]},
        }
    }


def test_an_attachment_of_a_subnet_to_a_server(form: Callable[[str, str], Page], demo: Demo) -> None:
    page = form('vpc-attachments', 'forms-attach')
    fill(page, subnet='shop', subnet__part='desks', connection='spine-01--fabric--leaf-01')
    expect_problem(page, 'subnet', 'VPC shop has no subnet desks')
    refused(page)
    expect_problem(page, 'subnet', 'VPC shop has no subnet desks')
    pick(page, 'spec.subnet.part', 'web')
    expect_problem(page, 'connection', 'is of type fabric')
    pick(page, 'spec.connection', 'server-02--eslag--leaf-01--leaf-02')
    manifest = saved(page, demo, 'vpc-attachments', 'forms-attach')
    assert (manifest['apiVersion'], manifest['kind']) == ('vpc.githedgehog.com/v1beta1', 'VPCAttachment')
    assert manifest['spec'] == {'subnet': 'shop/web', 'connection': 'server-02--eslag--leaf-01--leaf-02'}


def test_an_unbundled_connection_to_a_port_that_the_switch_has(form: Callable[[str, str], Page], demo: Demo) -> None:
    page = form('connections', 'forms-1')
    field(page, 'spec.choice').select_option('unbundled')
    link_ends(page, 'unbundled.link', ('server-06', 'enp2s2'), ('leaf-04', 'E1/99'))
    expect_problem(page, 'unbundled.link.switch.port', 'leaf-04 has no port E1/99')
    refused(page)
    expect_problem(page, 'unbundled.link.switch.port', 'leaf-04 has no port E1/99')
    pick(page, 'spec.unbundled.link.switch.port.part', 'E1/20')
    manifest = saved(page, demo, 'connections', 'forms-1')
    assert (manifest['apiVersion'], manifest['kind']) == ('wiring.githedgehog.com/v1beta1', 'Connection')
    assert manifest['spec'] == {'unbundled': {'link': joined('server-06/enp2s2', 'leaf-04/E1/20')}}


def test_a_bundled_connection_to_ports_that_are_free(form: Callable[[str, str], Page], demo: Demo) -> None:
    page = form('connections', 'forms-2')
    field(page, 'spec.choice').select_option('bundled')
    link_ends(page, 'bundled.links.0', ('server-05', 'enp2s3'), ('leaf-03', 'E1/1'))
    page.get_by_role('button', name='Link', exact=True).click()
    link_ends(page, 'bundled.links.1', ('server-05', 'enp2s4'), ('leaf-03', 'E1/22'))
    expect_problem(page, 'bundled.links.0.switch.port', 'uses leaf-03/E1/1')
    refused(page)
    expect_problem(page, 'bundled.links.0.switch.port', 'uses leaf-03/E1/1')
    pick(page, 'spec.bundled.links.0.switch.port.part', 'E1/21')
    manifest = saved(page, demo, 'connections', 'forms-2')
    assert manifest['kind'] == 'Connection'
    links = [joined('server-05/enp2s3', 'leaf-03/E1/21'), joined('server-05/enp2s4', 'leaf-03/E1/22')]
    assert manifest['spec'] == {'bundled': {'links': links}}


def test_an_eslag_connection_to_switches_of_one_group(form: Callable[[str, str], Page], demo: Demo) -> None:
    page = form('connections', 'forms-3')
    field(page, 'spec.choice').select_option('eslag')
    link_ends(page, 'eslag.links.0', ('server-01', 'enp2s3'), ('leaf-03', 'E1/23'))
    link_ends(page, 'eslag.links.1', ('server-01', 'enp2s4'), ('leaf-04', 'E1/23'))
    expect_problem(page, 'eslag.links', 'None of the switches is in a redundancy group')
    refused(page)
    expect_problem(page, 'eslag.links', 'None of the switches is in a redundancy group')
    pick(page, 'spec.eslag.links.0.switch.port', 'leaf-01')
    pick(page, 'spec.eslag.links.1.switch.port', 'leaf-02')
    manifest = saved(page, demo, 'connections', 'forms-3')
    assert manifest['kind'] == 'Connection'
    links = [joined('server-01/enp2s3', 'leaf-01/E1/23'), joined('server-01/enp2s4', 'leaf-02/E1/23')]
    assert manifest['spec'] == {'eslag': {'links': links}}


def link_ends(page: Page, path: str, server: tuple[str, str], switch: tuple[str, str]) -> None:
    """Fill in both ends of a link, each a device and its port."""
    for side, (device, port) in {'server': server, 'switch': switch}.items():
        field(page, f'spec.{path}.{side}.port').fill(device)
        field(page, f'spec.{path}.{side}.port.part').fill(port)


def joined(server: str, switch: str) -> dict[str, dict[str, str]]:
    """Return a link as a manifest says it."""
    return {'server': {'port': server}, 'switch': {'port': switch}}
