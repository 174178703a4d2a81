"""What a process keeps of a fabric is what the current transaction sees, whatever was written, by whom, and undone."""

import random
import threading
from unittest import mock

from django.db import connection, transaction
from django.test import TestCase, TransactionTestCase

from netbox_hedgehog.catalog import Design, judge
from netbox_hedgehog.models import RESOURCE_MODELS, VPC, GitRepository, HedgehogFabric, Server, design, design_of
from netbox_hedgehog.models.design import forget_designs
from netbox_hedgehog.tests.emptying import EmptiedAfterwards
from netbox_hedgehog.tests.specimens import make_fabric, make_resource, make_resources


def vlan(number):
    return {'subnets': {'default': {'subnet': f'10.0.{number}.0/24', 'vlan': 1000 + number}}}


class KeptDesignTests(TestCase):
    def setUp(self):
        self.fabric = make_fabric()
        self.vpc = make_resource(VPC, self.fabric, 'vpc-1', spec=vlan(1))
        design_of(self.fabric)

    def seen(self):
        entry = design_of(self.fabric).entry(self.vpc.identity)
        return entry and entry.spec.subnets['default'].vlan

    def write(self, number):
        VPC.objects.filter(name='vpc-1').update(spec=vlan(number))

    def test_what_was_rolled_back_is_not_seen(self):
        point = transaction.savepoint()
        self.write(2)
        assert self.seen() == 1002
        transaction.savepoint_rollback(point)
        assert self.seen() == 1001

    def test_the_last_of_two_writes_in_one_transaction_is_seen(self):
        self.write(2)
        assert self.seen() == 1002
        self.write(3)
        assert self.seen() == 1003

    def test_what_was_deleted_and_added_again_is_seen_as_it_is_now(self):
        self.vpc.delete()
        assert self.seen() is None
        make_resource(VPC, self.fabric, 'vpc-1', spec=vlan(4))
        assert self.seen() == 1004

    def test_the_last_row_of_a_kind_goes(self):
        VPC.objects.all().delete()
        assert self.seen() is None
        assert len(design_of(self.fabric)) == 0

    def test_the_settings_are_those_of_the_fabric_as_it_is_handed_in(self):
        self.fabric.spine_asn = 65000
        assert design_of(self.fabric).settings.spine_asn == 65000
        assert design_of(HedgehogFabric.objects.get()).settings.spine_asn == 65100

    def test_many_fabrics_do_not_push_each_other_aside_for_good(self):
        repository = GitRepository.objects.first()
        fabrics = [make_fabric(f'Lab {number}', repository) for number in range(6)]
        for number, fabric in enumerate(fabrics):
            make_resource(VPC, fabric, 'vpc-1', spec=vlan(number))
        for number, fabric in enumerate([*fabrics, *fabrics]):
            assert design_of(fabric).entry(self.vpc.identity).spec.subnets['default'].vlan == 1000 + number % 6

    def test_what_came_and_went_while_it_was_read_is_not_kept(self):
        read = design._declarations

        def read_among_others(*arguments):
            VPC.objects.create(fabric=self.fabric, name='vpc-2', spec=vlan(2))
            return read(*arguments)

        self.write(3)
        with mock.patch.object(design, '_declarations', read_among_others):
            design_of(self.fabric)
        VPC.objects.filter(name='vpc-2').delete()
        assert [entry.name for entry in design_of(self.fabric)] == ['vpc-1']
        assert self.seen() == 1003

    def test_any_sequence_of_writes_leads_to_what_is_read_anew(self):
        for model in RESOURCE_MODELS:
            make_resources(model, self.fabric)
        chance = random.Random(7)
        for _ in range(40):
            model = chance.choice(RESOURCE_MODELS)
            rows = list(model.objects.filter(fabric=self.fabric))
            match chance.choice(('edit', 'delete', 'add')):
                case 'edit' if rows:
                    row, other = chance.choice(rows), chance.choice(rows)
                    model.objects.filter(pk=row.pk).update(spec=other.spec)
                case 'delete' if rows:
                    model.objects.filter(pk=chance.choice(rows).pk).delete()
                case _:
                    name = f'new-{chance.randrange(10**9)}'
                    model.objects.bulk_create([model(fabric=self.fabric, name=name, spec=rows[0].spec if rows else {})])
            if chance.random() < 0.3:
                kept = design_of(self.fabric)
                anew = Design(kept.settings, [entry.declaration for entry in kept])
                assert judge(kept) == judge(anew)
        kept = judge(design_of(self.fabric))
        forget_designs()
        assert kept == judge(design_of(self.fabric))


class OtherConnectionTests(EmptiedAfterwards, TransactionTestCase):
    def test_what_another_connection_commits_is_seen_and_what_it_has_not_is_not(self):
        fabric = make_fabric()
        make_resource(Server, fabric, 'server-1')
        assert len(design_of(fabric)) == 1
        written, committed = threading.Event(), threading.Event()
        seen = []

        def write():
            with transaction.atomic():
                make_resource(Server, fabric, 'server-2')
                seen.append(len(design_of(fabric)))
                written.set()
                committed.wait(10)
            connection.close()

        other = threading.Thread(target=write)
        other.start()
        assert written.wait(10)
        assert len(design_of(fabric)) == 1
        committed.set()
        other.join()
        assert seen == [2]
        assert len(design_of(fabric)) == 2
