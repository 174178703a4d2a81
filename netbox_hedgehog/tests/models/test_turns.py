"""Of two saves that are checked at the same moment and clash, one is refused."""

import time
from threading import Barrier, Event, Thread
from unittest.mock import patch

import pytest
from django.db import connection, transaction
from django.db.models import ProtectedError
from django.test import TestCase, TransactionTestCase
from django.test.utils import CaptureQueriesContext
from utilities.exceptions import AbortRequest

from netbox_hedgehog.models import VPC, IPv4Namespace, VLANNamespace, VPCPeering
from netbox_hedgehog.models.turns import take_turn
from netbox_hedgehog.tests.emptying import EmptiedAfterwards
from netbox_hedgehog.tests.faces.api_client import ROOT, ApiClient
from netbox_hedgehog.tests.specimens import make_fabric, make_resource

NAMESPACES = {
    IPv4Namespace: {'subnets': ['10.0.0.0/16']},
    VLANNamespace: {'ranges': [{'from': 1000, 'to': 2999}]},
}


def vpc_spec(number, vlan):
    return {'subnets': {'default': {'subnet': f'10.0.{number}.0/24', 'vlan': vlan}}}


def make_fabric_with_namespaces():
    fabric = make_fabric(is_draft=False)
    for model, spec in NAMESPACES.items():
        make_resource(model, fabric, 'default', spec=spec)
    return fabric


def is_somebody_waiting():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
        return cursor.fetchone() != (0,)


class ReadBeforeTests(TestCase):
    def setUp(self):
        self.fabric = make_fabric_with_namespaces()

    def checked(self, name, number, vlan):
        vpc = VPC(fabric=self.fabric, name=name, spec=vpc_spec(number, vlan))
        vpc.full_clean()
        return vpc

    def test_what_others_saved_after_the_check_is_looked_at_before_the_save(self):
        first, second = self.checked('vpc-1', 1, 1001), self.checked('vpc-2', 2, 1001)
        first.save()
        with pytest.raises(AbortRequest) as refused:
            second.save()
        assert 'VPC vpc-1 uses VLAN 1001' in refused.value.message
        assert [vpc.name for vpc in VPC.objects.all()] == ['vpc-1']

    def test_others_that_do_not_clash_are_no_obstacle(self):
        first, second = self.checked('vpc-1', 1, 1001), self.checked('vpc-2', 2, 1002)
        first.save()
        second.save()
        assert VPC.objects.count() == 2

    def test_what_was_never_checked_is_not_held_up(self):
        VPC.objects.create(fabric=self.fabric, name='vpc-1', spec=vpc_spec(1, 1001))
        VPC.objects.create(fabric=self.fabric, name='vpc-2', spec=vpc_spec(2, 1001))
        assert VPC.objects.count() == 2

    def read_and_moved(self, **changes):
        """Return a VPC that was changed and checked before Git gave its VLAN to another one."""
        for number in (1, 2):
            self.checked(f'vpc-{number}', number, 1000 + number).save()
        vpc = VPC.objects.get(name='vpc-1')
        vpc.snapshot()
        for field, value in changes.items():
            setattr(vpc, field, value)
        vpc.full_clean()
        VPC.objects.filter(name='vpc-1').update(spec=vpc_spec(1, 1003))
        VPC.objects.filter(name='vpc-2').update(spec=vpc_spec(2, 1001))
        return vpc

    def test_what_a_save_leaves_alone_is_no_matter(self):
        for changes in ({'description': 'The shop'}, {'labels': {'team': 'shop'}}):
            with self.subTest(changes=changes), transaction.atomic():
                self.read_and_moved(**changes).save()
                assert VPC.objects.get(name='vpc-1').spec == vpc_spec(1, 1003)
                transaction.set_rollback(True)

    def test_what_it_writes_is(self):
        vpc = self.read_and_moved(spec=vpc_spec(5, 1001))
        with pytest.raises(AbortRequest):
            vpc.save()

    def test_with_a_condition_the_turn_comes_before_the_row(self):
        self.checked('vpc-1', 1, 1001).save()
        client = ApiClient()
        client.allow('view_hedgehogfabric', 'view_vpc', 'change_vpc', 'delete_vpc')
        address = f'{ROOT}vpcs/{VPC.objects.get().pk}/'
        for method, body in (('patch', {'description': 'The shop'}), ('delete', {})):
            with self.subTest(method=method), CaptureQueriesContext(connection) as captured:
                etag = client.client.get(address, headers=client.headers)['ETag']
                send = getattr(client.client, method)
                headers = client.headers | {'If-Match': etag}
                answer = send(address, body, content_type='application/json', headers=headers)
                assert answer.status_code in (200, 204), answer.content
            queries = [query['sql'] for query in captured]
            locks = [next(at for at, sql in enumerate(queries) if lock in sql) for lock in ('advisory', 'FOR UPDATE')]
            assert locks == sorted(locks)

    def test_a_reference_that_came_meanwhile_keeps_what_it_refers_to(self):
        first, second = (self.checked(f'vpc-{number}', number, 1000 + number) for number in (1, 2))
        first.save()
        second.save()
        leaving = VPC.objects.get(name='vpc-1')
        make_resource(VPCPeering, self.fabric, 'both', spec={'permit': [{'vpc-1': {}, 'vpc-2': {}}]})
        with pytest.raises(ProtectedError):
            leaving.delete()

    def test_of_a_list_in_one_request_nothing_is_saved_if_two_of_it_clash(self):
        client = ApiClient()
        client.allow('view_hedgehogfabric', 'view_vpc', 'add_vpc')
        wanted = [
            {'fabric': self.fabric.pk, 'name': f'vpc-{number}', 'spec': vpc_spec(number, 1001)} for number in (1, 2)
        ]
        response = client.post('vpcs/', wanted)
        assert response.status_code == 400
        assert 'VPC vpc-1 uses VLAN 1001' in str(response.json())
        assert not VPC.objects.exists()


class SimultaneousTests(EmptiedAfterwards, TransactionTestCase):
    def test_a_deletion_waits_for_a_save_that_refers_to_what_it_deletes(self):
        fabric = make_fabric_with_namespaces()
        for number in (1, 2):
            make_resource(VPC, fabric, f'vpc-{number}', spec=vpc_spec(number, 1000 + number))
        saved, committed, refused = Event(), Event(), []

        def refer():
            with transaction.atomic():
                make_resource(VPCPeering, fabric, 'both', spec={'permit': [{'vpc-1': {}, 'vpc-2': {}}]})
                saved.set()
                committed.wait(30)
            connection.close()

        def delete():
            try:
                VPC.objects.get(name='vpc-1').delete()
            except ProtectedError as error:
                refused.append(error)
            finally:
                connection.close()

        threads = [Thread(target=target) for target in (refer, delete)]
        threads[0].start()
        assert saved.wait(30)
        threads[1].start()
        while threads[1].is_alive() and not is_somebody_waiting():
            time.sleep(0.01)
        committed.set()
        for thread in threads:
            thread.join()
        assert [str(row) for error in refused for row in error.protected_objects] == ['both']
        assert VPC.objects.filter(name='vpc-1').exists()

    def test_one_of_two_requests_that_want_the_same_vlan_is_refused(self):
        fabric = make_fabric_with_namespaces()
        clients = [ApiClient(f'user-{number}') for number in (1, 2)]
        for client in clients:
            client.allow('view_hedgehogfabric', 'view_vpc', 'add_vpc')
        both_checked, answers = Barrier(2), []

        def take_turn_when_both_are_checked(*arguments):
            both_checked.wait(30)
            take_turn(*arguments)

        def add(number, client):
            vpc = {'fabric': fabric.pk, 'name': f'vpc-{number}', 'spec': vpc_spec(number, 1001)}
            try:
                answers.append(client.post('vpcs/', vpc))
            finally:
                connection.close()

        with patch('netbox_hedgehog.models.resource.take_turn', take_turn_when_both_are_checked):
            threads = [Thread(target=add, args=pair) for pair in enumerate(clients)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        assert sorted(answer.status_code for answer in answers) == [201, 400]
        (refused,) = [answer.json() for answer in answers if answer.status_code == 400]
        kept = VPC.objects.get()
        assert f'VPC {kept.name} uses VLAN 1001' in str(refused)
