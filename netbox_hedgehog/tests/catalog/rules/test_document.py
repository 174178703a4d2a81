"""The checks of metadata and structure report what the table of rules says."""

import ast
import inspect

import pytest

from netbox_hedgehog.catalog import RULES, FabricSettings, Scope, Severity, metadata, structure
from netbox_hedgehog.catalog.rules import document

from .case import problems


def reported(module):
    """Read from the source of a module which rules it reports, and how bad it says that each is."""
    calls = [node for node in ast.walk(ast.parse(inspect.getsource(module))) if isinstance(node, ast.Call)]
    found = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == 'Problem']
    return {(call.args[1].value, _severity(call.args[3:])) for call in found}


def _severity(rest):
    return Severity[rest[0].attr] if rest else Severity.ERROR


def test_what_is_reported_agrees_with_the_table():
    table = {(rule.id, rule.severity) for rule in document.RULES if rule.scope is Scope.DOCUMENT}
    assert reported(metadata) | reported(structure) == table


def test_the_rules_have_one_sentence_each():
    for rule in RULES.values():
        assert rule.summary.endswith('.'), rule.id


SERVER = """\
apiVersion: wiring.githedgehog.com/v1beta1
kind: Server
metadata: {name: server-1}
spec: {colour: blue}
"""


@pytest.mark.parametrize(
    ('release', 'severity'),
    [('26.03', Severity.ERROR), ('25.01', Severity.ERROR), ('newer', Severity.WARNING)],
)
def test_an_unknown_field_is_an_error_unless_the_release_is_newer_than_the_catalogue(release, severity):
    (problem,) = problems(SERVER, 'Server/server-1', FabricSettings(release=release))
    assert (problem.rule, problem.severity) == ('unknown-field', severity)


GATEWAY_LINK = """\
apiVersion: wiring.githedgehog.com/v1beta1
kind: Connection
metadata: {{name: c}}
spec: {{gateway: {{links: [{{{side}: {{port: spine-1/E1/1}}, gateway: {{port: gw-1/eth0}}}}]}}}}
"""


@pytest.mark.parametrize(
    ('release', 'side', 'rules'),
    [
        ('24.09', 'switch', {'field-of-newer-release'}),
        ('25.01', 'switch', {'field-of-newer-release'}),
        ('25.03', 'spine', set()),
        ('25.04', 'switch', set()),
        ('25.04', 'spine', {'unknown-field'}),
    ],
)
def test_the_switch_of_a_gateway_link_was_called_spine(release, side, rules):
    found = problems(GATEWAY_LINK.format(side=side), 'Connection/c', FabricSettings(release=release))
    assert {problem.rule for problem in found} & {'field-of-newer-release', 'unknown-field'} == rules


BROKEN_ENTRY = """\
apiVersion: gateway.githedgehog.com/v1alpha1
kind: GatewayPeering
metadata: {name: gwp}
spec:
  peering:
    vpc-1: {expose: [{ips: [{cidr: 5}], nat: {static: 1}, as: [{cidr: 10.0.0.0/8}]}]}
    vpc-2: {}
  acl: {default: deny, rules: [7]}
"""


def test_what_cannot_be_read_is_reported_once():
    found = problems(BROKEN_ENTRY, 'GatewayPeering/gwp')
    about = {problem.path for problem in found if problem.path.startswith(('spec.peering.vpc-1.', 'spec.acl'))}
    assert about == {
        'spec.peering.vpc-1.expose[0].ips[0].cidr',
        'spec.peering.vpc-1.expose[0].nat.static',
        'spec.acl.rules[0]',
    }
