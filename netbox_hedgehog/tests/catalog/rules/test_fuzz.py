"""Whatever somebody writes is reported, and nothing else happens: ten thousand documents with something wrong."""

import copy
import re
from itertools import chain

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from netbox_hedgehog.catalog import KINDS, RULES, Declaration, Design, FabricSettings, judge, judge_change, problems_of
from netbox_hedgehog.catalog.paths import parse
from netbox_hedgehog.tests.catalog.synthetic import declare, manifests

from .case import declarations

EXAMPLES_PER_KIND = 667
# What the made-up fabric has none of.
RARE = """
apiVersion: vpc.githedgehog.com/v1beta1
kind: VPC
metadata: {name: vpc-rare}
spec:
  mode: l3vni
  defaultIsolated: true
  subnets:
    bgp:
      subnet: 10.200.0.0/24
      hostBGP: true
      hostBGPMinPrefixLen: 25
      hostBGPMaxPrefixLen: 32
      hostBGPExtraPrefixes: {10.201.0.0/24: {minPrefixLen: 25, maxPrefixLen: 32}}
    relay:
      subnet: 10.202.0.0/24
      vlan: 2900
      dhcp: {relay: 10.99.0.1/32, relayVPC: vpc-0001}
    routes:
      subnet: 10.203.0.0/24
      vlan: 2901
      restricted: true
      dhcp:
        enable: true
        options:
          pxeURL: http://10.203.0.9/x
          disableDefaultRoute: true
          advertisedRoutes: [{destination: 192.0.2.0/24, gateway: 10.203.0.1}]
  permit: [[relay, routes]]
  staticRoutes: [{prefix: 192.168.0.0/24, nextHops: [10.203.0.7]}]
---
apiVersion: vpc.githedgehog.com/v1beta1
kind: External
metadata: {name: static}
spec: {static: {prefixes: [0.0.0.0/0, 192.0.2.0/24]}}
---
apiVersion: vpc.githedgehog.com/v1beta1
kind: ExternalAttachment
metadata: {name: static}
spec:
  external: static
  connection: leaf-001--external
  static: {remoteIP: 100.1.20.6, ip: 100.1.20.1/24, vlan: 20}
  switch: {}
  neighbor: {}
  inboundACL:
    statements:
    - {seq: 10, action: permit, protocol: udp, srcPrefix: any, dstPrefix: any, portRangeBegin: 80, portRangeEnd: 90}
    - {seq: 20, action: deny, protocol: tcp, srcPrefix: any, dstPrefix: any, tcpFilters: {ack: true, established: true}}
    - {seq: 30, action: transit, protocol: icmp, srcPrefix: any, dstPrefix: any, icmpType: 8, icmpCode: 0}
---
apiVersion: wiring.githedgehog.com/v1beta1
kind: Connection
metadata: {name: static}
spec:
  staticExternal:
    withinVPC: vpc-0001
    link:
      switch: {port: leaf-001/E1/47, ip: 172.31.255.1/24, nextHop: 172.31.255.5, subnets: [198.51.100.0/24], vlan: 30}
---
apiVersion: wiring.githedgehog.com/v1beta1
kind: Connection
metadata: {name: mesh}
spec:
  mesh:
    links:
    - {leaf1: {port: leaf-001/E1/54, ip: 172.30.250.0/31}, leaf2: {port: leaf-002/E1/54, ip: 172.30.250.1/31}}
---
apiVersion: wiring.githedgehog.com/v1beta1
kind: Connection
metadata: {name: loop}
spec: {vpcLoopback: {links: [{switch1: {port: leaf-001/E1/45}, switch2: {port: leaf-001/E1/46}}]}}
---
apiVersion: wiring.githedgehog.com/v1beta1
kind: Connection
metadata: {name: domain}
spec:
  mclagDomain:
    peerLinks: [{switch1: {port: leaf-001/E1/43}, switch2: {port: leaf-002/E1/43}}]
    sessionLinks: [{switch1: {port: leaf-001/E1/44}, switch2: {port: leaf-002/E1/44}}]
---
apiVersion: wiring.githedgehog.com/v1beta1
kind: Connection
metadata: {name: mclag}
spec:
  mclag:
    links:
    - {server: {port: server-0001/enp2s7}, switch: {port: leaf-001/E1/42}}
    - {server: {port: server-0001/enp2s8}, switch: {port: leaf-002/E1/42}}
---
apiVersion: wiring.githedgehog.com/v1beta1
kind: Switch
metadata: {name: rare, annotations: {a: b}, labels: {c: d}}
spec:
  role: border-leaf
  profile: celestica-ds3000
  asn: 65500
  ip: 172.30.3.9/21
  protocolIP: 172.30.9.200/32
  vtepIP: 172.30.13.200/32
  roce: true
  ecmp: {roceQPN: true}
  portSpeeds: {E1/33: 10G}
  portGroupSpeeds: {"1": 10G}
  portBreakouts: {E1/1: 4x25G, E1/2: 1x100G}
  portAutoNegs: {E1/33: true}
  portFECs: {E1/1/1: rs, E1/2: auto}
  portLocators: {"*": 10m, E1/3: "2030-01-01 00:00:00"}
  linkFlapErrDisable: {flapThreshold: 3, samplingInterval: 30, recoveryInterval: 0}
  boot: {mac: "02:00:00:00:00:01"}
---
apiVersion: gateway.githedgehog.com/v1alpha1
kind: GatewayPeering
metadata: {name: nat}
spec:
  gatewayGroup: default
  peering:
    vpc-0004:
      expose:
      - ips: [{cidr: 10.0.6.0/24}, {not: 10.0.6.0/28}]
        as: [{cidr: 192.168.6.0/24}]
        nat: {masquerade: {idleTimeout: 5m}}
      - ips: [{vpcSubnet: subnet-2}]
        as: [{cidr: 192.168.7.0/24}]
        nat: {static: {}}
    ext.internet:
      expose:
      - default: true
  acl:
    default: deny
    rules:
    - name: web
      from: vpc-0004
      action: allow
      match: {proto: tcp, dst: [{ports: ["80", "443-445"], cidr: 10.0.0.0/8}]}
"""
# Four of the servers, so that the whole fabric can be judged ten thousand times.
FABRIC = [
    *(declare(manifest) for manifest in manifests(90) if not re.search('server-00(0[5-9]|[1-9])', str(manifest))),
    *declarations(RARE),
]
SETTINGS = FabricSettings()
DESIGN = Design(SETTINGS, FABRIC)
TEXTS = (
    '', ' ', 'default', 'none', '*', '/', '//', 'a/b/c', 'leaf-001', 'leaf-001/', 'leaf-001/E1/1', 'leaf-001/E1/1/1/1',
    'leaf-001/E1/-1', 'spine-01/M1', 'E1/55/1', 'gateway-1/enp2s1', 'server-0001/enp2s1', 'vpc-0001',
    'vpc-0001/subnet-1', 'vpc-0002/', 'ext.internet', 'ext.', 'internet', 'subnet-1', '10.0.0.0/24', '10.0.0.1/24',
    '10.0.0.0/33', '10.0.0.0/-1', '10.0.0.0', '10.0.0.256', '010.0.0.1', '0.0.0.0/0', '255.255.255.255/32',
    '172.30.0.1/21', '::/0', '2001:db8::1', '::ffff:10.0.0.1/128', '1.1.1.1%eth0', '65100:1', '70000:1', '1', '-1', '0',
    '4095', '99999999999999999999', '80-', '90-80', '0-65535', '4x25G', '100G', '1x', 'x1', 'G', '10m', '-5m', '1h1h',
    '2030-13-01 00:00:00', 'eslag', 'spine', 'rs', 'tcp', 'icmp', 'permit', 'any', 'l3vni', 'l3flat', 'dell-s5248f-on',
    'cumulus-vx', '02:00:00:00:00:01', 'zz:00:00:00:00:01', 'é' * 70, '٣', '²', '\x00', '\n', 'a' * 300, '\ud800',
)  # fmt: skip
NUMBERS = (0, 1, -1, 9, 32, 33, 64, 1000, 3500, 4094, 4095, 9037, 65100, 65101, 65536, 2**31, 2**32, 2**64, 0.5, 1e300)
OTHERS = (None, True, False, [], {}, [[]], [None], [''], {'': ''}, {'a': None}, [{}], ['default', 'default'])


def places(value, path=()):
    """Yield the paths of all values."""
    yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from places(inner, (*path, key))
    elif isinstance(value, list):
        for position, inner in enumerate(value):
            yield from places(inner, (*path, position))


def at(value, path):
    for step in path:
        value = value[step]
    return value


ORIGINALS = {
    kind_name: st.sampled_from([declaration for declaration in FABRIC if declaration.kind.name == kind_name])
    for kind_name in KINDS
}
VALUES = st.sampled_from([*TEXTS, *NUMBERS, *OTHERS])


@st.composite
def mutated(draw, kind_name):
    """Draw a valid resource in which up to four things were changed."""
    original = draw(ORIGINALS[kind_name])
    document = copy.deepcopy({
        'name': original.name, 'namespace': original.namespace, 'spec': original.spec, 'labels': original.labels,
        'annotations': original.annotations,
    })  # fmt: skip
    for _ in range(draw(st.integers(1, 4))):
        change(draw, document)
    name, namespace = (
        value if isinstance(value := document.get(field), str) else getattr(original, field)
        for field in ('name', 'namespace')
    )
    rest = (document.get(field) for field in ('spec', 'labels', 'annotations'))
    return original, Declaration(KINDS[kind_name], namespace, name, *rest)


def change(draw, document):
    inside = [path for path in places(document) if path]
    path = draw(st.sampled_from(inside))
    holder, step = at(document, path[:-1]), path[-1]
    match draw(st.sampled_from(['replace', 'replace', 'drop', 'swap', 'wrap', 'rename', 'repeat'])):
        case 'replace':
            holder[step] = copy.deepcopy(draw(VALUES))
        case 'drop':
            del holder[step]
        case 'swap':
            holder[step] = copy.deepcopy(at(document, draw(st.sampled_from(inside))))
        case 'wrap':
            holder[step] = draw(st.sampled_from([[holder[step]], {'default': holder[step]}, {'links': [holder[step]]}]))
        case 'rename' if isinstance(holder, dict) and len(path) > 1:
            holder[draw(st.sampled_from(TEXTS))] = holder.pop(step)
        case 'repeat' if isinstance(holder, list):
            holder.append(copy.deepcopy(holder[step]))
        case _:
            holder[step] = copy.deepcopy(draw(VALUES))


def test_there_is_something_of_every_kind():
    assert {declaration.kind.name for declaration in FABRIC} == KINDS.keys()
    assert EXAMPLES_PER_KIND * len(KINDS) >= 10_000


@pytest.mark.parametrize('kind_name', KINDS)
@settings(max_examples=EXAMPLES_PER_KIND, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_whatever_is_written_is_reported_and_nothing_else_happens(kind_name, data):
    original, declaration = data.draw(mutated(kind_name))
    removed = [original.identity] if declaration.identity != original.identity else []
    after = DESIGN.with_changes(put=[declaration], remove=removed)
    found = problems_of(after, declaration.identity)
    judge_change(DESIGN, after, [declaration.identity, *removed])
    # Its neighbours look at it in few ways: to judge all of them each time would take minutes.
    if data.draw(st.integers(0, 9)) == 0:
        verdicts = judge(after)
        assert verdicts.keys() == {entry.identity for entry in after}
        found = tuple(chain.from_iterable(verdicts.values()))
    for problem in found:
        assert problem.rule in RULES
        assert problem.message.endswith('.')
        assert parse(problem.path)
