"""What an edit does to a text, example by example, under any line ends."""

from copy import deepcopy
from itertools import product

import pytest

from netbox_hedgehog.manifests import edit, same

from .reading import meaning, yaml

BEFORE = yaml("""
    # Tenant one
    apiVersion: vpc.githedgehog.com/v1beta1   # the only one
    kind: VPC
    metadata:
      name: 'vpc-1'
      labels: {team: "red", tier: one}  # by team

    spec:
      # where the addresses come from
      ipv4Namespace: default

      subnets:  # all of them
        default:
          subnet: 10.0.1.0/24  # first
          vlan: 0x3E9
          dhcp:
            enable: yes
            options:
              dnsServers: [ 10.0.0.1, "10.0.0.2" ]
        # for the backend
        # people
        backend:
          subnet: "10.0.2.0/24"
          vlan: 1002
        # off: {subnet: 10.0.3.0/24}

      permit:
      - - default   # one way
        - backend
      # the other
      - [backend, storage]
      staticRoutes:
        - prefix: 10.9.0.0/16  # nine
          nextHops:
            - 10.0.1.9
        # eight
        - nextHops: [10.0.1.8]
          # about the prefix
          prefix: 10.8.0.0/16
        -   prefix: 10.7.0.0/16
            nextHops: []
      note: |
        First line
          second line

      empty:
    # the end
""")


def edited(change, text=BEFORE):
    wanted = deepcopy(meaning(text))
    change(wanted)
    return wanted, edit(text, wanted)


def spec(change):
    return lambda content: change(content['spec'])


def subnets(change):
    return lambda content: change(content['spec']['subnets'])


def routes(change):
    return lambda content: change(content['spec']['staticRoutes'])


EXAMPLES = {
    'a number': (
        subnets(lambda s: s['default'].update(vlan=1005)),
        [('vlan: 0x3E9', 'vlan: 1005')],
    ),
    'a text in double quotes': (
        subnets(lambda s: s['backend'].update(subnet='10.0.4.0/24')),
        [('"10.0.2.0/24"', '"10.0.4.0/24"')],
    ),
    'a text in single quotes': (
        lambda content: content['metadata'].update(name="it's"),
        [("'vpc-1'", "'it''s'")],
    ),
    'a text before a comment': (
        subnets(lambda s: s['default'].update(subnet='10.0.5.0/24')),
        [('10.0.1.0/24  # first', '10.0.5.0/24  # first')],
    ),
    'a text that needs quotes': (
        spec(lambda s: s.update(ipv4Namespace='65000:50')),
        [('ipv4Namespace: default', 'ipv4Namespace: "65000:50"')],
    ),
    'a word for true': (
        subnets(lambda s: s['default']['dhcp'].update(enable=False)),
        [('enable: yes', 'enable: false')],
    ),
    'a text becomes a number': (
        subnets(lambda s: s['backend'].update(subnet=17)),
        [('subnet: "10.0.2.0/24"', 'subnet: 17')],
    ),
    'nothing becomes a value': (spec(lambda s: s.update(empty='a')), [('empty:', 'empty: a')]),
    'nothing becomes a map': (spec(lambda s: s.update(empty={'a': 1})), [('empty:', 'empty:\n    a: 1')]),
    'nothing becomes a list': (spec(lambda s: s.update(empty=['a'])), [('empty:', 'empty:\n    - a')]),
    'a value becomes nothing': (
        spec(lambda s: s.update(ipv4Namespace=None)), [('ipv4Namespace: default', 'ipv4Namespace: null')]
    ),
    'a value before a comment becomes a map': (
        subnets(lambda s: s['default'].update(subnet={'a': {'b': 1}})),
        [('subnet: 10.0.1.0/24  # first', 'subnet:  # first\n        a:\n          b: 1')],
    ),
    'a map becomes a value': (
        subnets(lambda s: s['default'].update(dhcp='off')),
        [
            ('        enable: yes\n        options:\n          dnsServers: [ 10.0.0.1, "10.0.0.2" ]\n', ''),
            ('dhcp:', 'dhcp: "off"'),
        ],
    ),
    'a map with a comment is emptied': (
        spec(lambda s: s['subnets'].clear()),
        [
            ('subnets:  # all of them', 'subnets: {}  # all of them'),
            (BEFORE[BEFORE.index('    default:\n') : BEFORE.index('    # off')], ''),
        ],
    ),
    'a key is added': (
        subnets(lambda s: s['backend'].update(gateway='10.0.2.1')),
        [('vlan: 1002\n', 'vlan: 1002\n      gateway: 10.0.2.1\n')],
    ),
    'a map is added': (
        subnets(lambda s: s.update(new={'vlan': 1003, 'subnet': '10.0.3.0/24'})),
        [('vlan: 1002\n', 'vlan: 1002\n    new:\n      subnet: 10.0.3.0/24\n      vlan: 1003\n')],
    ),
    'annotations are added': (
        lambda content: content['metadata'].update(annotations={'b/x': 'yes', 'a/y': 'z'}),
        [('# by team\n', '# by team\n  annotations:\n    a/y: z\n    b/x: "yes"\n')],
    ),
    'a key is added at the end': (
        lambda content: content.update(status='x'),
        [('  empty:\n', '  empty:\nstatus: x\n')],
    ),
    'a key goes, with its comments': (
        subnets(lambda s: s.pop('backend')),
        [('    # for the backend\n    # people\n    backend:\n      subnet: "10.0.2.0/24"\n      vlan: 1002\n', '')],
    ),
    'a key goes, without the comments of others': (
        spec(lambda s: s.pop('ipv4Namespace')),
        [('  # where the addresses come from\n  ipv4Namespace: default\n', '')],
    ),
    'the last key goes': (spec(lambda s: s.pop('empty')), [('  empty:\n', '')]),
    'the first key of an item goes': (
        routes(lambda r: r[0].pop('prefix')),
        [('- prefix: 10.9.0.0/16  # nine\n      nextHops', '- nextHops')],
    ),
    'the first key of an item goes, and a comment takes its place': (
        routes(lambda r: r[1].pop('nextHops')),
        [('- nextHops: [10.0.1.8]\n      # about', '- # about')],
    ),
    'the first key of an item with a wide dash goes': (
        routes(lambda r: r[2].pop('prefix')),
        [('-   prefix: 10.7.0.0/16\n        nextHops', '-   nextHops')],
    ),
    'a key is added to an item': (
        routes(lambda r: r[2].update(metric=7)),
        [('nextHops: []\n', 'nextHops: []\n        metric: 7\n')],
    ),
    'the first item goes': (
        routes(lambda r: r.pop(0)),
        [('    - prefix: 10.9.0.0/16  # nine\n      nextHops:\n        - 10.0.1.9\n', '')],
    ),
    'an item goes, with its comments': (
        routes(lambda r: r.pop(1)),
        [
            (
                '    # eight\n    - nextHops: [10.0.1.8]\n      # about the prefix\n      prefix: 10.8.0.0/16\n', ''
            )
        ],
    ),
    'an item is added between': (
        routes(lambda r: r.insert(1, {'prefix': '10.6.0.0/16', 'nextHops': ['10.0.1.6']})),
        [('- 10.0.1.9\n', '- 10.0.1.9\n    - nextHops:\n        - 10.0.1.6\n      prefix: 10.6.0.0/16\n')],
    ),
    'an item is added before all': (
        routes(lambda r: r.insert(0, {'prefix': '10.6.0.0/16'})),
        [('staticRoutes:\n', 'staticRoutes:\n    - prefix: 10.6.0.0/16\n')],
    ),
    'an item is changed and another goes': (
        routes(lambda r: (r.pop(0), r[1].update(prefix='10.5.0.0/16'))),
        [
            ('    - prefix: 10.9.0.0/16  # nine\n      nextHops:\n        - 10.0.1.9\n', ''),
            ('prefix: 10.7.0.0/16', 'prefix: 10.5.0.0/16'),
        ],
    ),
    'an item in a list of lists goes': (
        spec(lambda s: s['permit'][0].pop(0)),
        [('- - default   # one way\n    - backend', '- - backend')],
    ),
    'an item is added before a list of lists': (
        spec(lambda s: s['permit'][0].insert(0, 'storage')),
        [('- - default ', '- - storage\n    - default ')],
    ),
    'a list of lists becomes a text': (
        spec(lambda s: s['permit'].__setitem__(0, 'x')),
        [('- - default   # one way\n    - backend\n', '- x\n')],
    ),
    'an item is added in brackets': (
        spec(lambda s: s['permit'][1].append('x y')), [('[backend, storage]', '[backend, storage, x y]')]
    ),
    'an item with quotes is added in brackets': (
        subnets(lambda s: s['default']['dhcp']['options']['dnsServers'].append('10.0.0.3')),
        [('"10.0.0.2" ]', '"10.0.0.2", "10.0.0.3" ]')],
    ),
    'the first item in brackets goes': (
        subnets(lambda s: s['default']['dhcp']['options']['dnsServers'].pop(0)),
        [('[ 10.0.0.1, "10.0.0.2" ]', '[ "10.0.0.2" ]')],
    ),
    'the last item in brackets goes': (
        subnets(lambda s: s['default']['dhcp']['options']['dnsServers'].pop()),
        [('[ 10.0.0.1, "10.0.0.2" ]', '[ 10.0.0.1 ]')],
    ),
    'an item in brackets is changed': (
        spec(lambda s: s['permit'][1].__setitem__(0, 'a,b')), [('[backend, storage]', '["a,b", storage]')]
    ),
    'brackets are emptied': (spec(lambda s: s['permit'][1].clear()), [('[backend, storage]', '[]')]),
    'empty brackets are filled': (
        routes(lambda r: r[2].update(nextHops=['10.0.1.7'])),
        [('nextHops: []', 'nextHops:\n          - 10.0.1.7')],
    ),
    'a key in braces is added, changed and removed': (
        lambda content: content['metadata'].update(labels={'team': 'blue', 'x-y': 'z'}),
        [('{team: "red", tier: one}', '{team: "blue", x-y: z}')],
    ),
    'a text below a bar is changed': (
        spec(lambda s: s.update(note='New line\n')),
        [('    First line\n      second line\n', '    New line\n')],
    ),
    'a text below a bar becomes short': (
        spec(lambda s: s.update(note='short')), [('note: |\n    First line\n      second line\n', 'note: short\n')]
    ),
    'a text becomes long': (
        spec(lambda s: s.update(ipv4Namespace='one\ntwo')),
        [('ipv4Namespace: default\n', 'ipv4Namespace: |-\n    one\n    two\n')],
    ),
    'a text that needs escapes becomes long': (
        spec(lambda s: s.update(ipv4Namespace='one \ntwo')),
        [('ipv4Namespace: default\n', 'ipv4Namespace: "one \\ntwo"\n')],
    ),
}  # fmt: skip


@pytest.mark.parametrize(('change', 'replacements'), EXAMPLES.values(), ids=EXAMPLES.keys())
def test_an_edit_changes_its_own_place(change, replacements):
    wanted, text = edited(change)
    expected = BEFORE
    for before, after in replacements:
        assert expected.count(before) == 1, before
        expected = expected.replace(before, after)
    assert text == expected
    assert same(meaning(text), wanted)


VARIANTS = list(product(['\n', '\r\n'], ['', '\ufeff'], [True, False]))


@pytest.mark.parametrize(('change', 'replacements'), EXAMPLES.values(), ids=EXAMPLES.keys())
def test_an_edit_keeps_line_ends_and_order_mark(change, replacements):
    _, usual = edited(change)
    for line_break, mark, is_closed in VARIANTS:

        def variant(text, line_break=line_break, mark=mark, is_closed=is_closed):
            return mark + (text if is_closed else text.removesuffix('\n')).replace('\n', line_break)

        assert edited(change, variant(BEFORE))[1] == variant(usual)


@pytest.mark.parametrize('change', [change for change, _ in EXAMPLES.values()], ids=EXAMPLES.keys())
def test_an_edit_can_be_undone(change):
    _, text = edited(change)
    content = meaning(BEFORE)
    assert same(meaning(edit(text, content)), content)


def test_all_examples_at_once():
    def change(content):
        content['spec']['subnets']['default']['vlan'] = 1
        content['spec']['subnets'].pop('backend')
        content['spec']['staticRoutes'][0].pop('prefix')
        content['spec']['staticRoutes'].pop(1)
        content['spec']['permit'].append(['a'])
        content['metadata']['annotations'] = {'a': 'b'}
        content['spec']['note'] = ''
        content['spec'].pop('empty')

    wanted, text = edited(change)
    assert same(meaning(text), wanted)
    assert [line for line in BEFORE.splitlines() if '#' in line and line not in text.splitlines()] == [
        '    # for the backend',
        '    # people',
        '    - prefix: 10.9.0.0/16  # nine',
        '    # eight',
        '      # about the prefix',
    ]
