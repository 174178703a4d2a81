"""Webhooks are installed once, with a secret, and calls that did not arrive are found."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from netbox_hedgehog.repositories import Forbidden, NotFound, Unavailable
from netbox_hedgehog.repositories.github import GitHubServer, Token
from netbox_hedgehog.repositories.github.hooks import EVENTS, Hooks
from netbox_hedgehog.repositories.github.signature import SIGNATURE_HEADER, is_signed
from netbox_hedgehog.repositories.github.transport import Answer
from netbox_hedgehog.tests.github import Fault, FaultKind, Forge

from .receiver import Receiver, receiving

SECRET = 'hook-secret-c0ffee'
URL = 'https://netbox.example.com/plugins/hedgehog/webhooks/1/'
WRITER = {'contents': 'write', 'metadata': 'read', 'repository_hooks': 'write'}


@pytest.fixture
def forge(tmp_path) -> Iterator[Forge]:
    with Forge(tmp_path) as forge:
        forge.create_repository('acme', 'network', files={'README.md': b'Network\n'})
        forge.add_token('ghp_hooks', permissions=WRITER)
        forge.webhook_mode = 'lose'  # nobody is at the addresses that are called
        yield forge
        assert forge.violations == []


@pytest.fixture
def hooks(forge: Forge) -> Iterator[Hooks]:
    server = connect(forge)
    yield Hooks(server)
    server.close()


def connect(forge: Forge, token: str = 'ghp_hooks') -> GitHubServer:
    return GitHubServer(
        f'{forge.url}/api/v3', f'{forge.url}/api/graphql', Token(token), repository='acme/network', timeout_seconds=10
    )


@pytest.fixture
def receiver(forge: Forge) -> Iterator[Receiver]:
    forge.webhook_mode = 'deliver'
    with receiving() as receiver:
        yield receiver


# ---- Installing


def test_a_new_webhook_calls_for_our_events_only(hooks: Hooks):
    hook = hooks.install(URL, SECRET)
    assert (hook.url, hook.events, hook.active, hook.content_type) == (URL, EVENTS, True, 'json')
    assert hook.checks_certificate
    assert [found.id for found in hooks.installed()] == [hook.id]


def test_installing_again_changes_the_one_that_is_there(forge: Forge, hooks: Hooks):
    first = hooks.install(URL, SECRET)
    next(hook for hook in forge.repository('acme/network').hooks if hook.id == first.id).insecure_ssl = '1'
    assert not hooks.find(URL).checks_certificate
    second = hooks.install(URL, 'another-secret')
    assert second.id == first.id
    assert second.checks_certificate
    assert len(hooks.installed()) == 1


def test_the_webhooks_of_others_stay_as_they_are(hooks: Hooks):
    other = hooks.install('https://ci.example.com/', 'theirs')
    ours = hooks.install(URL, SECRET)
    assert [hook.id for hook in hooks.installed()] == [other.id, ours.id]
    assert hooks.find('https://ci.example.com/').id == other.id
    assert hooks.find('https://nobody.example.com/') is None


@pytest.mark.parametrize('after_effect', [False, True])
def test_a_lost_answer_leaves_one_webhook_or_none(forge: Forge, hooks: Hooks, after_effect):
    forge.fail(Fault(FaultKind.RESET, operation='repos/create-webhook', after_effect=after_effect))
    if after_effect:
        assert hooks.install(URL, SECRET).url == URL
    else:
        with pytest.raises(Unavailable):
            hooks.install(URL, SECRET)
    hooks.install(URL, SECRET)
    assert len(hooks.installed()) == 1


def test_without_the_permission_there_is_nothing_to_see(forge: Forge):
    forge.add_token('ghp_reader', permissions={'contents': 'write', 'metadata': 'read'})
    server = connect(forge, 'ghp_reader')
    with pytest.raises(Forbidden):
        Hooks(server).installed()
    forge.fail(Fault(FaultKind.NOT_FOUND, operation='repos/list-webhooks'))
    with pytest.raises(NotFound):
        Hooks(server).installed()
    server.close()


def test_the_secret_is_in_no_log(hooks: Hooks, caplog: pytest.LogCaptureFixture):
    caplog.set_level('DEBUG')
    hook = hooks.install(URL, SECRET)
    hooks.update(hook.id, URL, SECRET)
    assert SECRET not in caplog.text
    assert SECRET not in repr(hook)


def test_the_secret_is_given_once_more_when_the_answer_got_lost(forge: Forge, hooks: Hooks):
    hook = hooks.install(URL, SECRET)
    forge.fail(Fault(FaultKind.RESET, operation='repos/update-webhook'))
    assert hooks.update(hook.id, URL, 'another').id == hook.id
    forge.fail(Fault(FaultKind.RESET, operation='repos/update-webhook', times=2))
    with pytest.raises(Unavailable):
        hooks.update(hook.id, URL, 'another')


# ---- Calls


def test_a_ping_arrives_with_our_signature(forge: Forge, hooks: Hooks, receiver: Receiver):
    hook = hooks.install(receiver.url, SECRET)
    hooks.ping(hook.id)
    forge.webhooks.settle()
    assert len(receiver.calls) == 2  # GitHub pings a new webhook by itself
    for headers, body in receiver.calls:
        assert headers['X-GitHub-Event'] == 'ping'
        assert is_signed([SECRET], body, headers[SIGNATURE_HEADER])
        assert not is_signed(['another'], body, headers[SIGNATURE_HEADER])


def test_calls_that_failed_are_found_until_a_repeat_arrives(forge: Forge, hooks: Hooks, receiver: Receiver):
    start = datetime.now(UTC) - timedelta(minutes=1)
    hook = hooks.install(receiver.url, SECRET)
    forge.webhooks.settle()
    receiver.status = 500
    for number in range(2):
        forge.repositories['acme/network'].push({'README.md': b'%d\n' % number})
    forge.webhooks.settle()
    failed = hooks.failed_deliveries(hook.id, since=start)
    assert [delivery.status for delivery in failed] == [500, 500]
    assert {delivery.event for delivery in failed} == {'push'}
    receiver.status = 202
    hooks.redeliver(hook.id, failed[0].id)
    forge.webhooks.settle()
    assert [delivery.guid for delivery in hooks.failed_deliveries(hook.id, since=start)] == [failed[1].guid]
    repeated, first = receiver.calls[-1][0], receiver.calls[1][0]
    assert repeated['X-GitHub-Delivery'] == first['X-GitHub-Delivery'] == failed[0].guid


def test_old_failures_are_left_alone(forge: Forge, hooks: Hooks, receiver: Receiver):
    receiver.status = 500
    hook = hooks.install(receiver.url, SECRET)
    forge.webhooks.settle()
    assert hooks.failed_deliveries(hook.id, since=datetime.now(UTC) + timedelta(minutes=1)) == []


class Answering:
    """A server that gives prepared answers, one for each question, and keeps what it was asked."""

    repository = full_name = 'acme/network'
    address = 'https://github.com/acme/network'

    def __init__(self, *answers: Answer) -> None:
        self._answers = list(answers)
        self.asked: list[dict[str, object]] = []

    def at(self, path: str) -> str:
        return f'/repos/acme/network/{path}'

    def get(self, path: str, **options: object) -> Answer:
        self.asked.append({'path': path, **options, 'params': dict(options.get('params') or {})})
        return self._answers.pop(0)


def delivery(number: int, status: int, *, guid: str = '') -> str:
    return (
        f'{{"id": {number}, "guid": "{guid or number}", "event": "push", "redelivery": false, '
        f'"delivered_at": "2026-03-01T12:00:00Z", "status": "x", "status_code": {status}}}'
    )


def page(*deliveries: str, following: str = '') -> Answer:
    link = f'<https://elsewhere.example.com/?per_page=100&cursor={following}>; rel="next"' if following else ''
    return Answer(200, {'link': link}, f'[{",".join(deliveries)}]'.encode())


def test_older_calls_are_asked_for_by_cursor_and_never_by_the_address_in_the_answer():
    server = Answering(page(delivery(3, 0), delivery(2, 204, guid='1'), following='v1_2'), page(delivery(1, 502)))
    failed = Hooks(server).failed_deliveries(7, since=datetime(2026, 3, 1, tzinfo=UTC))
    assert [found.id for found in failed] == [3]  # one whose server could not be reached
    assert [asked['path'] for asked in server.asked] == ['/repos/acme/network/hooks/7/deliveries'] * 2
    assert [asked['params'].get('cursor') for asked in server.asked] == [None, 'v1_2']


def hook_page(first: int, count: int) -> Answer:
    hooks = ','.join(
        f'{{"id": {number}, "active": true, "events": ["push"], "config": {{"url": "https://{number}.example.com/"}}}}'
        for number in range(first, first + count)
    )
    return Answer(200, {}, f'[{hooks}]'.encode())


def test_all_pages_of_a_list_are_read_up_to_a_bound():
    assert len(Hooks(Answering(hook_page(1, 100), hook_page(101, 3))).installed()) == 103
    with pytest.raises(Unavailable):
        Hooks(Answering(*[hook_page(100 * number, 100) for number in range(20)])).installed()


def test_a_changed_webhook_that_is_no_object_is_an_error_of_ours():
    server = Answering()
    server.write = lambda *_question, **_options: Answer(200, {}, b'[]')
    with pytest.raises(Unavailable):
        Hooks(server).update(7, URL, SECRET)


@pytest.mark.parametrize(
    'body',
    [b'{}', b'[1]', b'[{}]', b'null', b'"x"', b'[{"id": "a"}]', f'[{delivery(1, 500).replace("2026", "x")}]'.encode()],
)
def test_an_answer_of_another_shape_is_an_error_of_ours(body):
    with pytest.raises(Unavailable):
        Hooks(Answering(Answer(200, {}, body))).failed_deliveries(7, since=datetime(2026, 3, 1, tzinfo=UTC))
