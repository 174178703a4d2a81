"""What comes from Git is kept whatever the catalogue says of it, and marked with what it says."""

from django.test import TestCase

from netbox_hedgehog.jobs import SyncFabricJob
from netbox_hedgehog.models import VPC, RunStatusChoices, RunTriggerChoices, SyncState
from netbox_hedgehog.sync import BidirectionalSyncOrchestrator, describe_plan
from netbox_hedgehog.tests.documents import vpc
from netbox_hedgehog.tests.sync.base import SyncFixture

ATTACHMENT = """\
apiVersion: vpc.githedgehog.com/v1beta1
kind: VPCAttachment
metadata:
  name: att-1
spec:
  connection: conn-1
  subnet: vpc-01/default
"""


class VerdictTests(SyncFixture, TestCase):
    def make_fabric(self, slug='dc1', **fields):
        return super().make_fabric(slug, is_draft=False, **fields)

    def setUp(self):
        super().setUp()
        self.sync()

    def push(self, **files):
        self.work.pull()
        for name, text in files.items():
            self.work.write(self.path(f'managed/{name}.yaml'), text)
        self.work.push()

    def rules(self, kind, name):
        return {problem['rule'] for problem in SyncState.objects.get(kind=kind, name=name).verdict}

    def test_two_vpcs_that_overlap_are_both_taken_over_and_marked(self):
        self.push(**{'vpcs/vpc-01': vpc('vpc-01', 1), 'vpcs/vpc-02': vpc('vpc-02', 1), 'vpcs/vpc-03': vpc('vpc-03', 3)})
        run = self.sync()
        assert VPC.objects.count() == 3
        assert [self.status_of('VPC', f'vpc-0{number}') for number in (1, 2, 3)] == ['invalid', 'invalid', 'synced']
        assert run.status == RunStatusChoices.ATTENTION
        found = {(problem['path'], problem['line']) for problem in run.problems}
        assert (self.path('managed/vpcs/vpc-02.yaml')[len('fabrics/dc1/gitops/') :], 9) in found

    def test_the_preview_tells_file_and_line_before_anything_is_taken_over(self):
        self.push(**{'vpcs/vpc-01': vpc('vpc-01', 1).replace('vlan: 1001', 'vlan: 5')})
        plan = describe_plan(self.fabric, BidirectionalSyncOrchestrator(self.fabric).preview())
        (problem,) = plan['problems']
        assert (problem['path'], problem['line']) == ('managed/vpcs/vpc-01.yaml', 11)
        assert 'vpc-01' in problem['message']
        assert not VPC.objects.exists()

    def test_mending_one_resource_mends_what_depended_on_it(self):
        self.push(**{'vpcattachments/att-1': ATTACHMENT})
        self.sync()
        assert self.status_of('VPCAttachment', 'att-1') == 'invalid'
        before = self.rules('VPCAttachment', 'att-1')
        self.push(**{'vpcs/vpc-01': vpc('vpc-01')})
        self.sync()
        after = self.rules('VPCAttachment', 'att-1')
        assert len(before) == 2
        assert len(after) == 1

    def test_what_git_deletes_goes_although_others_refer_to_it(self):
        self.push(**{'vpcs/vpc-01': vpc('vpc-01'), 'vpcattachments/att-1': ATTACHMENT})
        self.sync()
        self.work.pull()
        self.work.remove(self.path('managed/vpcs/vpc-01.yaml'))
        self.work.push()
        run = self.sync()
        assert not VPC.objects.exists()
        assert any('refer to it' in problem['message'] for problem in run.problems)

    def test_what_is_wrong_with_the_document_alone_is_told_with_the_pass(self):
        server = 'apiVersion: wiring.githedgehog.com/{}\nkind: Server\nmetadata: {{name: {}}}\nspec: {}\n'
        old, flat = server.format('v1alpha2', 'server-1', '{}'), server.format('v1beta1', 'server-2', '7')
        self.push(**{'servers/server-1': old, 'servers/server-2': flat})
        run = self.sync()
        found = {(problem['path'], problem['line'], problem['code']) for problem in run.problems}
        assert found == {
            ('managed/servers/server-1.yaml', 1, 'version-not-served'),
            ('managed/servers/server-2.yaml', 4, 'wrong-type'),
        }
        assert [self.status_of('Server', f'server-{number}') for number in (1, 2)] == ['invalid', 'invalid']

    def test_a_converged_fabric_is_not_judged_again(self):
        self.push(**{'vpcs/vpc-01': vpc('vpc-01').replace('vlan: 1001', 'vlan: 5')})
        self.sync()
        since = SyncState.objects.get(name='vpc-01').since
        self.sync(complete=True)
        self.sync()
        assert SyncState.objects.get(name='vpc-01').since == since

    def test_other_settings_of_the_fabric_make_other_verdicts(self):
        self.push(**{'vpcs/vpc-01': vpc('vpc-01')})
        self.sync()
        assert self.status_of('VPC', 'vpc-01') == 'synced'
        self.fabric.refresh_from_db()
        self.fabric.reserved_subnets = [*self.fabric.reserved_subnets, '10.0.1.0/24']
        self.fabric.save()
        SyncFabricJob.enqueue(instance=self.fabric, immediate=True, trigger=RunTriggerChoices.SAVE)
        assert self.status_of('VPC', 'vpc-01') == 'invalid'
