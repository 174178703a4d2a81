"""What an external attachment is told about the addresses of its two ends."""

import pytest

from netbox_hedgehog.tests.catalog.rules.case import problems
from netbox_hedgehog.tests.catalog.rules.wiring_texts import manifest

BGP = {
    'external': 'external-1',
    'connection': 'connection-1',
    'switch': {'ip': '100.1.10.1/24', 'vlan': 10},
    'neighbor': {'asn': 64102, 'ip': '100.1.10.6'},
}
STATIC = {**BGP, 'switch': {}, 'neighbor': {}, 'static': {'remoteIP': '100.1.10.6', 'ip': '100.1.10.1/24'}}
OURS = 'write the address of the switch port with its prefix length, such as 100.1.10.1/24'
NEIGHBOR = 'write that of the external router, such as 100.1.10.6'
REMOTE = 'write that of the external, such as 100.1.10.6'


@pytest.mark.parametrize(
    ('spec', 'side', 'field', 'value', 'message'),
    [
        (BGP, 'switch', 'ip', None, f'Missing; {OURS}.'),
        (BGP, 'switch', 'ip', '100.1.10.1', f'Not an address with prefix length; {OURS}.'),
        (BGP, 'switch', 'ip', '2001:db8::1/64', f'The fabric routes IPv4 only; {OURS}.'),
        (BGP, 'neighbor', 'ip', None, f'Missing address; {NEIGHBOR}.'),
        (BGP, 'neighbor', 'ip', 'router', f'Not an IP address; {NEIGHBOR}.'),
        (BGP, 'neighbor', 'ip', '2001:db8::1', f'The fabric routes IPv4 only; {NEIGHBOR}.'),
        (BGP, 'neighbor', 'ip', '2001:db8::1/64', f'Not an IP address; {NEIGHBOR}.'),
        (BGP, 'neighbor', 'ip', '100.1.10.6/24', 'An address without prefix length is due; write 100.1.10.6.'),
        (BGP, 'neighbor', 'asn', None, 'Missing; write the ASN of the external router, such as 64102.'),
        (STATIC, 'static', 'remoteIP', None, 'Missing; write the address of the external, such as 100.1.10.6.'),
        (STATIC, 'static', 'remoteIP', '', f'Missing address; {REMOTE}.'),
        (STATIC, 'static', 'remoteIP', 'dc-1', f'Not an IP address; {REMOTE}.'),
        (STATIC, 'static', 'remoteIP', '100.1.10.6/24', 'An address without prefix length is due; write 100.1.10.6.'),
        (STATIC, 'static', 'ip', None, f'Missing; {OURS}, or proxy: true.'),
        (STATIC, 'static', 'ip', '100.1.10.1', f'Not an address with prefix length; {OURS}.'),
    ],
)
def test_an_address_is_told_whose_it_is_and_how_it_is_written(spec, side, field, value, message):
    changed = {key: text for key, text in {**spec[side], field: value}.items() if text is not None}
    text = manifest('ExternalAttachment', 'attachment-1', {**spec, side: changed})
    found = problems(text, 'ExternalAttachment/attachment-1')
    assert [problem.message for problem in found if problem.path == f'spec.{side}.{field}'] == [message]
