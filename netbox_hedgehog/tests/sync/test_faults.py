"""Files that cannot be taken over: each gives its reason with file and line, and not a byte is lost."""

from django.test import TestCase

from netbox_hedgehog.models import VPC, GitFile, Server, SyncRun
from netbox_hedgehog.tests.documents import VPC_BY_HAND, server, vpc
from netbox_hedgehog.tests.sync.base import SyncFixture

BOMB = 'a: &a [x, x, x, x, x, x, x, x, x]\n' + ''.join(
    f'{chr(98 + n)}: &{chr(98 + n)} [{", ".join([f"*{chr(97 + n)}"] * 9)}]\n' for n in range(9)
)
HEAD = 'apiVersion: wiring.githedgehog.com/v1beta1\nkind: Server\nmetadata:\n  name: server-01\n'

# What is in the file, the reason, and the line of the fault.
FAULTS = {
    'broken.yaml': (b'kind: VPC\n spec: {}\n', 'syntax-error', 2),
    'duplicate.yaml': (f'{HEAD}spec:\n  description: one\n  description: two\n'.encode(), 'duplicate-key', 7),
    'bomb.yaml': (BOMB.encode(), 'alias-expansion', None),
    'large.yaml': (f'{HEAD}spec:\n  description: {"x" * 2**20}\n'.encode(), 'too-large', None),
    'foreign.yaml': (b'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n', 'foreign-kind', 2),
    'latin.yaml': (HEAD.encode() + b'spec:\n  description: Z\xfcrich\n', 'not-utf8', 6),
    'tag.yaml': (f'{HEAD}spec: !!python/object:os.system {{}}\n'.encode(), 'custom-tag', 5),
    'nameless.yaml': (b'apiVersion: wiring.githedgehog.com/v1beta1\nkind: Server\nspec: {}\n', 'missing-name', None),
    'installer.yaml': (
        b'apiVersion: fabricator.githedgehog.com/v1beta1\nkind: Fabricator\nmetadata:\n  name: default\n',
        'controller-owned-kind',
        None,
    ),
    'notes.txt': (b'buy cables\n', 'not-yaml', 1),
}


class RawFaultTests(SyncFixture, TestCase):
    def setUp(self):
        super().setUp()
        self.sync()
        self.work.pull()

    def test_each_fault_is_kept_word_for_word_with_its_reason(self):
        for name, (data, _code, _line) in FAULTS.items():
            self.work.write(self.path(f'raw/in/{name}'), data)
        self.work.write(self.path('raw/good.yaml'), server(7))
        self.work.push()
        run = self.sync()
        self.work.pull()
        assert self.work.files(below=self.path('raw/')) == [self.path('raw/.gitkeep')]
        assert Server.objects.get().name == 'server-07'
        problems = {problem['path']: problem for problem in SyncRun.objects.get(pk=run.pk).problems}
        for name, (data, code, line) in FAULTS.items():
            kept = self.work.path / self.path(f'unmanaged/in/{name}')
            assert kept.read_bytes() == data, name
            note = self.work.read(self.path(f'unmanaged/in/{name}.reason.txt'))
            assert code in note, note
            assert f'raw/in/{name}' in note
            problem = problems[f'raw/in/{name}']
            assert problem['code'] == code
            assert problem['line'] >= 1
            if line is not None:
                assert problem['line'] == line, (name, problem)
        assert run.status == 'attention'
        commits = self.work.commits()
        self.sync()
        assert self.work.commits() == commits

    def test_a_mixed_file_loses_nothing(self):
        parts = [server(1), 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n', vpc('vpc-01'), 'a: [\n']
        self.work.write(self.path('raw/mixed.yaml'), '---\n'.join(parts))
        self.work.push()
        self.sync()
        assert Server.objects.count() == VPC.objects.count() == 1
        assert self.work.show(self.path('unmanaged/mixed.2.yaml')) == parts[1]
        assert self.work.show(self.path('unmanaged/mixed.4.yaml')) == parts[3]

    def test_switched_off_documents_are_kept_as_comments(self):
        off = ''.join(f'# {line}\n' for line in server(2).splitlines())
        self.work.write(self.path('raw/demo.yaml'), '---\n'.join([server(1), off, server(3)]))
        self.work.push()
        self.sync()
        assert Server.objects.count() == 2
        assert self.work.show(self.path('unmanaged/demo.yaml.comments.txt')) == off

    def test_a_mended_file_moved_back_is_taken_over_and_its_reason_goes(self):
        self.work.write(self.path('raw/server.yaml'), server(1).replace('kind: Server\n', ''))
        self.work.push()
        self.sync()
        self.work.pull()
        self.work.remove(self.path('unmanaged/server.yaml'))
        self.work.write(self.path('raw/server.yaml'), server(1))
        self.work.push()
        self.sync()
        assert Server.objects.count() == 1
        assert self.work.files(below=self.path('unmanaged/')) == [self.path('unmanaged/.gitkeep')]

    def test_exported_objects_lose_what_the_server_filled_in(self):
        text = server(1).replace('  name:', '  uid: 4711\n  resourceVersion: "8"\n  name:') + 'status: {}\n'
        self.work.write(self.path('raw/server.yaml'), text)
        self.work.push()
        self.sync()
        kept = self.work.show(self.path('managed/servers/server-01.yaml'))
        assert 'uid' not in kept
        assert 'status' not in kept

    def test_equal_duplicates_vanish_and_different_ones_are_kept_aside(self):
        self.work.write(self.path('raw/a.yaml'), vpc('vpc-01', 1))
        self.work.write(self.path('raw/b.yaml'), '# a copy\n' + vpc('vpc-01', 1))
        self.work.write(self.path('raw/c.yaml'), vpc('vpc-01', 2))
        self.work.push()
        self.sync()
        assert VPC.objects.get().spec['subnets']['default']['vlan'] == 1002
        kept = [path for path in self.work.files(below=self.path('unmanaged/')) if path.endswith('.yaml')]
        assert sorted(kept) == [self.path('unmanaged/a.yaml'), self.path('unmanaged/b.yaml')]

    def test_a_list_that_defines_a_managed_resource_again_leaves_it_alone(self):
        self.work.write(self.path('managed/servers/server-01.yaml'), server(1))
        self.work.push()
        self.sync()
        self.work.pull()
        item = '- ' + server(1).replace('Rack 1', 'Rack 9').replace('\n', '\n  ').rstrip() + '\n'
        self.work.write(self.path('raw/list.yaml'), f'apiVersion: v1\nkind: List\nitems:\n{item}')
        self.work.push()
        self.sync()
        assert Server.objects.get().spec == {'description': 'Rack 1'}
        assert self.status_of('Server', 'server-01') == 'synced'
        assert self.path('unmanaged/list.yaml') in self.work.files()

    def test_a_list_is_expanded(self):
        items = ''.join('- ' + server(n).replace('\n', '\n  ').rstrip() + '\n' for n in (1, 2))
        self.work.write(self.path('raw/list.yaml'), f'apiVersion: v1\nkind: List\nitems:\n{items}')
        self.work.push()
        self.sync()
        assert Server.objects.count() == 2
        assert len([p for p in self.work.files(below=self.path('managed/servers/')) if p.endswith('.yaml')]) == 2


class ManagedFaultTests(SyncFixture, TestCase):
    def setUp(self):
        super().setUp()
        self.sync()
        self.file = self.path('managed/vpcs/vpc-01.yaml')
        self.hand_over('managed/vpcs/vpc-01.yaml', VPC_BY_HAND)

    def break_file(self):
        self.work.replace(self.file, 'kind: VPC', 'kind: [VPC')
        self.work.push()
        return self.sync()

    def test_a_broken_managed_file_stays_and_its_object_keeps_the_last_good_content(self):
        run = self.break_file()
        assert VPC.objects.get().spec['subnets']['default']['vlan'] == 1001
        assert self.status_of('VPC', 'vpc-01') == 'quarantined'
        assert 'kind: [VPC' in self.work.show(self.file)
        (problem,) = run.problems
        assert problem['path'] == 'managed/vpcs/vpc-01.yaml'
        assert problem['line'] >= 2
        assert GitFile.objects.get(path='managed/vpcs/vpc-01.yaml').problems[0]['code'] == 'syntax-error'

    def test_it_takes_part_again_once_it_is_mended(self):
        self.break_file()
        self.work.replace(self.file, 'kind: [VPC', 'kind: VPC')
        self.work.replace(self.file, 'vlan: 1001', 'vlan: 1011')
        self.work.push()
        self.sync()
        assert VPC.objects.get().spec['subnets']['default']['vlan'] == 1011
        assert self.status_of('VPC', 'vpc-01') == 'synced'

    def test_an_edit_made_meanwhile_in_netbox_is_not_lost(self):
        self.break_file()
        row = VPC.objects.get()
        row.spec['subnets']['default']['gateway'] = '10.0.1.9'
        row.save()
        self.sync()
        assert self.status_of('VPC', 'vpc-01') == 'quarantined'
        self.work.replace(self.file, 'kind: [VPC', 'kind: VPC')
        self.work.push()
        self.sync()
        assert 'gateway: 10.0.1.9' in self.work.show(self.file)
        assert self.status_of('VPC', 'vpc-01') == 'synced'

    def test_one_broken_file_does_not_stop_the_others(self):
        self.work.write(self.path('managed/servers/server-01.yaml'), server(1))
        self.break_file()
        assert Server.objects.count() == 1

    def test_a_file_with_anchors_is_read_but_not_rewritten(self):
        text = HEAD + 'spec:\n  description: &d hello\n  profile: *d\n'
        self.work.write(self.path('managed/servers/server-01.yaml'), text)
        self.work.push()
        self.sync()
        row = Server.objects.get()
        assert row.spec == {'description': 'hello', 'profile': 'hello'}
        row.spec['description'] = 'bye'
        row.save()
        self.sync()
        assert self.work.show(self.path('managed/servers/server-01.yaml')) == text
        assert self.status_of('Server', 'server-01') == 'held'

    def test_two_different_documents_of_one_identity_are_held(self):
        self.work.write(self.path('managed/vpcs/copy.yaml'), VPC_BY_HAND.replace('1001', '1099'))
        self.work.push()
        commits = self.work.commits()
        self.sync()
        assert self.status_of('VPC', 'vpc-01') == 'held'
        assert self.work.commits() == commits
        self.work.remove(self.path('managed/vpcs/copy.yaml'))
        self.work.push()
        self.sync()
        assert self.status_of('VPC', 'vpc-01') == 'synced'

    def test_an_equal_copy_beside_the_canonical_file_is_removed(self):
        self.work.write(self.path('managed/vpcs/copy.yaml'), VPC_BY_HAND)
        self.work.push()
        self.sync()
        assert self.path('managed/vpcs/copy.yaml') not in self.work.files()
        assert VPC.objects.count() == 1

    def test_a_document_of_an_old_version_is_shown_and_keeps_its_version(self):
        old = VPC_BY_HAND.replace('v1beta1', 'v1alpha2').replace('vpc-01', 'vpc-02')
        self.work.write(self.path('managed/vpcs/vpc-02.yaml'), old)
        self.work.push()
        self.sync()
        row = VPC.objects.get(name='vpc-02')
        assert 'version-not-served' in {problem['rule'] for problem in row.sync_state.problems}
        row.spec['subnets']['default']['vlan'] = 1012
        row.save()
        self.sync()
        assert 'vpc.githedgehog.com/v1alpha2' in self.work.show(self.path('managed/vpcs/vpc-02.yaml'))

    def test_an_invalid_document_is_imported_and_marked(self):
        self.work.write(self.path('managed/vpcs/vpc-02.yaml'), vpc('vpc-02').replace('vlan: 1001', 'vlan: ten'))
        self.work.push()
        self.sync()
        assert VPC.objects.get(name='vpc-02').spec['subnets']['default']['vlan'] == 'ten'
        assert self.status_of('VPC', 'vpc-02') == 'invalid'
        row = VPC.objects.get(name='vpc-02')
        row.spec['subnets']['default']['gateway'] = '10.0.1.1'
        row.full_clean()
