"""The switch profiles say what upstream's say, and name the ports as upstream does."""

import pytest

from netbox_hedgehog.catalog import FabricSettings
from netbox_hedgehog.catalog.profiles import PROFILES, available_profiles
from netbox_hedgehog.tests.catalog.reference_data import REFERENCE, load_documents, needs_reference

UPSTREAM = (
    {document['metadata']['name']: document['spec'] for document in load_documents(REFERENCE / 'switch-profiles.yaml')}
    if REFERENCE.is_dir()
    else {}
)
upstream_profiles = pytest.mark.parametrize(('name', 'upstream'), UPSTREAM.items(), ids=list(UPSTREAM))


@needs_reference
def test_all_profiles_are_there():
    assert set(PROFILES) == set(UPSTREAM)


@upstream_profiles
def test_a_switch_is_described_as_upstream_does(name, upstream):
    profile = PROFILES[name]
    assert profile.name == name
    assert profile.title == upstream['displayName']
    assert list(profile.other_names) == upstream.get('otherNames', [])
    assert (profile.nos, profile.silicon) == (upstream['nosType'], upstream['switchSilicon'])
    assert profile.features == {feature for feature, has in upstream['features'].items() if has}
    assert profile.max_ports == upstream.get('maxPorts', 0)
    assert profile.notes == upstream.get('notes', '')
    assert profile.pipelines == {
        pipeline: limits['maxPorts'] for pipeline, limits in upstream.get('pipelines', {}).items()
    }


@upstream_profiles
def test_the_ports_are_those_of_upstream(name, upstream):
    assert {
        port.name: (port.profile.name if port.profile else None, port.group, port.pipeline, port.is_management)
        for port in PROFILES[name].ports.values()
    } == {
        port: (found.get('profile'), found.get('group', ''), found.get('pipeline', ''), found.get('management', False))
        for port, found in upstream['ports'].items()
    }
    assert {group: profile.name for group, profile in PROFILES[name].port_groups.items()} == {
        group: found['profile'] for group, found in upstream.get('portGroups', {}).items()
    }


@upstream_profiles
def test_what_can_be_set_on_a_port_is_what_upstream_allows(name, upstream):
    profile = PROFILES[name]
    used = [
        *(port.profile for port in profile.ports.values() if port.profile),
        *profile.port_groups.values(),
    ]
    assert {port_profile.name for port_profile in used} == set(upstream['portProfiles'])
    for port_profile in used:
        found = upstream['portProfiles'][port_profile.name]
        speed, breakout = found.get('speed', {}), found.get('breakout', {})
        assert list(port_profile.speeds) == speed.get('supported', [])
        assert port_profile.default_speed == speed.get('default', '')
        assert port_profile.breakouts == {
            mode: len(lanes['offsets']) for mode, lanes in breakout.get('supported', {}).items()
        }
        assert port_profile.default_breakout == breakout.get('default', '')
        assert port_profile.auto_neg_allowed is found.get('autoNegAllowed', False)
        assert port_profile.auto_neg_default is found.get('autoNegDefault', False)


def test_ports_are_named_in_the_order_of_the_switch():
    names = PROFILES['vs'].port_names({})
    assert names[:3] == ('E1/1', 'E1/2', 'E1/3')
    assert names[-2:] == ('E1/48', 'M1')


def test_a_port_is_named_by_its_lanes_in_the_default_mode_and_in_one_that_is_set():
    profile = PROFILES['celestica-ds3000']
    assert profile.port_names({})[:4] == ('E1/1', 'E1/1/1', 'E1/2', 'E1/2/1')
    assert profile.port_names({'E1/1': '4x25G'})[:6] == ('E1/1', 'E1/1/1', 'E1/1/2', 'E1/1/3', 'E1/1/4', 'E1/2')
    assert profile.port_names({'E1/1': '4x25G'}) is profile.port_names({'E1/1': '4x25G'})


def test_a_mode_that_is_not_supported_has_no_lanes():
    profile = PROFILES['celestica-ds3000']
    assert profile.lanes('E1/1', {'E1/1': '8x100G'}) is None
    assert profile.lanes('E1/99', {}) is None
    assert profile.lanes('E1/33', {}) == 1
    assert profile.port_names({'E1/1': '8x100G'})[:3] == ('E1/1', 'E1/2', 'E1/2/1')


def test_a_lane_belongs_to_its_port():
    profile = PROFILES['celestica-ds3000']
    assert profile.owner('E1/1/4').name == 'E1/1'
    assert profile.owner('E1/33').name == 'E1/33'
    assert profile.owner('E1/33/1') is None
    assert profile.owner('E1/1/9') is None
    assert profile.owner('E1/1/x') is None


def test_a_plain_installation_knows_the_sixteen_switches_of_broadcoms_sonic():
    plain = available_profiles(FabricSettings(include_sonic_cls_plus=False, include_cumulus=False))
    assert len(plain) == 16
    assert not [name for name in plain if name.endswith('-clsp') or name == 'cumulus-vx']
    assert set(available_profiles(FabricSettings(include_cumulus=False))) == set(PROFILES) - {'cumulus-vx'}
    assert set(available_profiles(FabricSettings())) == set(PROFILES)
