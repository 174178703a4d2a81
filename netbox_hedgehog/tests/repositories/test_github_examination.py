"""The doctor asks one question after the other, and says for each what is wrong and what to do."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from netbox_hedgehog.repositories.github import AppKey, Credential, GitHubServer, Token
from netbox_hedgehog.repositories.github.examination import Subject, examine
from netbox_hedgehog.repositories.github.findings import (
    Finding,
    judge_budget,
    judge_clock,
    judge_hook,
    judge_repository,
    judge_rules,
    judge_server,
    judge_token,
)
from netbox_hedgehog.repositories.github.hooks import Hook, Hooks
from netbox_hedgehog.repositories.github.rules import obstacles
from netbox_hedgehog.tests.github import Fault, FaultKind, Forge

from .receiver import receiving

TOKEN = 'ghp_doctor0123456789'
HOOK_URL = 'http://127.0.0.1:9/webhook'
CHECKS = (
    'address',
    'clock',
    'authentication',
    'budget',
    'repository',
    'write permission',
    'branch',
    'rules',
    'directory',
    'webhook',
)
PERMISSIONS = {'contents': 'write', 'metadata': 'read', 'pull_requests': 'write', 'repository_hooks': 'write'}
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def forge(tmp_path) -> Iterator[Forge]:
    with Forge(tmp_path) as forge:
        forge.create_repository('acme', 'network', files={'fabrics/one/vpc.yaml': b'a: 1\n', 'README.md': b'#\n'})
        forge.add_token(TOKEN, permissions=PERMISSIONS, login='hedgehog-bot')
        yield forge
        assert forge.violations == []


def ask(forge: Forge, *, credential: Credential | None = None, name: str = 'network', **subject) -> dict[str, Finding]:
    """Examine, and return the lines by their question; one question may have several."""
    credential = credential or Token(TOKEN)
    server = GitHubServer(
        f'{forge.url}/api/v3',
        f'{forge.url}/api/graphql',
        credential,
        repository=f'acme/{name}',
        timeout_seconds=10,
        now=subject.pop('now', lambda: datetime.now(UTC)),
    )
    findings = list(examine(server, Subject(**{'branch': 'main', 'prefixes': ('fabrics/one',)} | subject), credential))
    server.close()
    assert tuple(dict.fromkeys(finding.check for finding in findings)) == CHECKS
    for finding in findings:
        assert TOKEN not in f'{finding.message}{finding.remedy}'
        assert finding.remedy or finding.verdict in ('ok', 'skipped')
    return {finding.check: finding for finding in findings}


def verdicts(findings: dict[str, Finding]) -> dict[str, str]:
    return {check: finding.verdict for check, finding in findings.items() if finding.verdict != 'ok'}


def test_a_connection_in_order_is_ok_in_every_line(forge: Forge):
    server = GitHubServer(
        f'{forge.url}/api/v3', f'{forge.url}/api/graphql', Token(TOKEN), repository='acme/network', timeout_seconds=10
    )
    with receiving() as receiver:
        Hooks(server).install(receiver.url, 'secret')
        forge.webhooks.settle()
        findings = ask(forge, hook_url=receiver.url)
    server.close()
    assert verdicts(findings) == {}
    assert 'hedgehog-bot' in findings['authentication'].message
    assert findings['directory'].message == 'The directory fabrics/one is there.'


def test_an_examination_moves_nothing(forge: Forge):
    repository = forge.repositories['acme/network']
    before = repository.head(), repository.files()
    ask(forge)
    assert (repository.head(), repository.files()) == before


def test_an_app_in_order_is_ok(forge: Forge):
    app = forge.add_app(
        app_id=1234,
        client_id='Iv1.x',
        slug='hedgehog-sync',
        permissions=PERMISSIONS,
        installation_id=99,
        repositories=['acme/network'],
    )
    key = AppKey('1234', app.private_key_pem)
    findings = ask(forge, credential=key)
    assert verdicts(findings) == {'webhook': 'skipped'}
    assert '1234' in findings['authentication'].message


def test_an_app_whose_key_is_wrong_is_told_from_a_server_that_is_away(forge: Forge):
    findings = ask(forge, credential=AppKey('1234', 'no key'))
    assert findings['authentication'].verdict == 'failed'
    assert findings['address'].verdict == 'skipped'
    assert {findings[check].verdict for check in CHECKS[3:]} == {'skipped'}


def test_an_unknown_app_is_refused(forge: Forge):
    app = forge.add_app(
        app_id=1, client_id='Iv1.x', slug='one', permissions=PERMISSIONS, installation_id=9, repositories=[]
    )
    findings = ask(forge, credential=AppKey('2', app.private_key_pem))
    assert findings['address'].verdict == 'ok'
    assert findings['authentication'].verdict == 'failed'


def test_a_server_that_is_away_leaves_nothing_to_ask(tmp_path):
    forge = Forge(tmp_path)
    forge.start()
    forge.stop()
    findings = ask(forge)
    assert findings['address'].verdict == 'failed'
    assert {findings[check].verdict for check in CHECKS[1:]} == {'skipped'}
    assert findings['branch'].message == 'Not asked: the repository has to be in order first.'


def test_a_page_in_the_place_of_an_answer_is_found_at_the_address(forge: Forge):
    forge.fail(Fault(FaultKind.PROXY_PAGE, at=0))
    assert ask(forge)['address'].verdict == 'failed'


def test_a_token_that_is_not_accepted(forge: Forge):
    findings = ask(forge, credential=Token('ghp_unknown'))
    assert findings['address'].verdict == findings['clock'].verdict == 'ok'
    assert findings['authentication'].verdict == 'failed'
    assert {findings[check].verdict for check in CHECKS[3:]} == {'skipped'}


def test_a_token_that_ends_soon(forge: Forge):
    forge.add_token('ghp_short', permissions=PERMISSIONS, expires=datetime.now(UTC) + timedelta(days=3))
    finding = ask(forge, credential=Token('ghp_short'))['authentication']
    assert finding.verdict == 'warning'
    assert 'expires' in finding.message


def test_a_repository_that_is_not_to_be_seen(forge: Forge):
    findings = ask(forge, name='elsewhere')
    assert findings['repository'].verdict == 'failed'
    assert {findings[check].verdict for check in CHECKS[5:]} == {'skipped'}
    assert findings['budget'].verdict == 'ok'


def test_an_archived_repository_can_be_read_and_not_written(forge: Forge):
    forge.repositories['acme/network'].archived = True
    findings = ask(forge)
    assert findings['repository'].verdict == findings['write permission'].verdict == 'failed'
    assert findings['branch'].verdict == findings['directory'].verdict == 'ok'


def test_a_token_that_may_only_read(forge: Forge):
    forge.add_token('ghp_reader', permissions={'contents': 'read', 'metadata': 'read'})
    findings = ask(forge, credential=Token('ghp_reader'), hook_url=HOOK_URL)
    assert verdicts(findings) == {'write permission': 'failed', 'webhook': 'skipped'}
    assert 'contents=write' in findings['write permission'].remedy
    assert HOOK_URL in findings['webhook'].remedy


def test_an_account_that_may_not_propose(forge: Forge):
    assert ask(forge, proposes=True)['write permission'].verdict == 'ok'
    forge.add_token('ghp_writer', permissions={'contents': 'write', 'metadata': 'read'})
    assert ask(forge, credential=Token('ghp_writer'), proposes=True)['write permission'].verdict == 'failed'


def test_a_lost_answer_to_the_write_probe_decides_nothing(forge: Forge):
    forge.fail(Fault(FaultKind.RESET, operation='git/create-blob'))
    assert ask(forge)['write permission'].verdict == 'warning'


def test_a_branch_that_is_not_there(forge: Forge):
    findings = ask(forge, branch='master')
    assert verdicts(findings) == {'branch': 'failed', 'directory': 'skipped', 'webhook': 'skipped'}
    assert 'The default branch is main.' in findings['branch'].message


def test_an_empty_repository_waits_for_its_first_commit(forge: Forge):
    forge.create_repository('acme', 'empty')
    findings = ask(forge, name='empty')
    assert verdicts(findings) == {
        'write permission': 'skipped',
        'branch': 'warning',
        'directory': 'skipped',
        'webhook': 'skipped',
    }


@pytest.mark.parametrize(
    ('kind', 'settled'),
    [('pull_request', {'proposes': True}), ('signatures', {'verified': True}), ('classic', {'proposes': True})],
)
def test_rules_in_the_way_are_told_until_the_service_is_set_for_them(forge: Forge, kind, settled):
    forge.repositories['acme/network'].protect('main', kind=kind)
    assert ask(forge)['rules'].verdict == 'warning'
    assert ask(forge, **settled)['rules'].verdict == 'ok'


@pytest.mark.parametrize(
    ('prefix', 'verdict'),
    [
        ('', 'ok'),
        ('fabrics', 'ok'),
        ('/fabrics/one/', 'ok'),
        ('fabrics/two', 'warning'),
        ('two/fabrics', 'warning'),
        ('README.md', 'failed'),
        ('README.md/one', 'failed'),
    ],
)
def test_directories_of_fabrics(forge: Forge, prefix, verdict):
    assert ask(forge, prefixes=(prefix,))['directory'].verdict == verdict


def test_a_webhook_that_is_not_installed(forge: Forge):
    finding = ask(forge, hook_url=HOOK_URL)['webhook']
    assert finding.verdict == 'warning'
    assert HOOK_URL in finding.message


def test_a_limit_is_no_fault_of_the_connection(forge: Forge):
    forge.fail(Fault(FaultKind.RATE_LIMIT_403, operation='repos/get', retry_after=60))
    findings = ask(forge)
    assert verdicts(findings) == {'repository': 'skipped', 'webhook': 'skipped'}
    assert 'Wait until' in findings['repository'].remedy


def test_a_limit_at_the_branch_leaves_the_directory_unasked(forge: Forge):
    forge.fail(Fault(FaultKind.RATE_LIMIT_403, operation='git/get-ref', retry_after=60))
    assert verdicts(ask(forge)) == {'branch': 'skipped', 'directory': 'skipped', 'webhook': 'skipped'}


@pytest.mark.parametrize(
    ('operation', 'expected'),
    [
        ('meta/get', {'address': 'failed'} | dict.fromkeys(CHECKS[1:], 'skipped')),
        ('rate-limit/get', {'webhook': 'skipped'}),
        ('repos/get-branch-rules', {'rules': 'skipped', 'webhook': 'skipped'}),
    ],
)
def test_routes_that_a_server_does_not_have(forge: Forge, operation, expected):
    forge.fail(Fault(FaultKind.NOT_FOUND, operation=operation))
    assert verdicts(ask(forge)) == expected


def test_the_token_of_an_installation_is_no_user(forge: Forge):
    forge.fail(Fault(FaultKind.FORBIDDEN, operation='users/get-authenticated'))
    finding = ask(forge)['authentication']
    assert (finding.verdict, 'GitHub App' in finding.message) == ('ok', True)


def test_clocks_that_differ(forge: Forge):
    assert ask(forge, now=lambda: datetime.now(UTC) + timedelta(minutes=2))['clock'].verdict == 'warning'


# ---- Judging what the double does not say


@pytest.mark.parametrize(
    ('date', 'verdict', 'words'),
    [
        ('Sun, 01 Mar 2026 12:00:05 GMT', 'ok', '5 s'),
        ('Sun, 01 Mar 2026 11:58:00 GMT', 'warning', '120 s ahead of'),
        ('Sun, 01 Mar 2026 12:02:00 GMT', 'warning', '120 s behind'),
        ('', 'skipped', ''),
        ('soon', 'skipped', ''),
        ('Sun, 01 Mar 2026 12:00:05 -0000', 'skipped', ''),
    ],
)
def test_the_clock_is_judged_by_the_date_of_an_answer(date, verdict, words):
    finding = judge_clock(date, NOW)
    assert finding.verdict == verdict
    assert words in finding.message


@pytest.mark.parametrize(
    ('version', 'verdict'),
    [('', 'ok'), ('3.17.2', 'ok'), ('enterprise-server@3.9', 'warning'), ('4.0', 'ok'), ('x', 'ok')],
)
def test_an_old_enterprise_server_is_told(version, verdict):
    assert judge_server({'x-github-enterprise-version': version}).verdict == verdict


@pytest.mark.parametrize(
    ('headers', 'verdict'),
    [
        ({}, 'ok'),
        ({'x-oauth-scopes': 'read:org, repo'}, 'ok'),
        ({'x-oauth-scopes': 'read:org'}, 'warning'),
        ({'x-oauth-scopes': ''}, 'warning'),
        ({'github-authentication-token-expiration': '2026-03-05 12:00:00 UTC'}, 'warning'),
        ({'github-authentication-token-expiration': '2026-03-05 12:00:00 -0500'}, 'warning'),
        ({'github-authentication-token-expiration': '2027-03-05 12:00:00 +0200'}, 'ok'),
        ({'github-authentication-token-expiration': 'never'}, 'ok'),
    ],
)
def test_a_token_is_judged_by_its_scopes_and_its_end(headers, verdict):
    assert judge_token('ann', headers, NOW).verdict == verdict


def test_a_budget_is_judged_by_what_is_left():
    assert judge_budget(499, 5000, NOW).verdict == 'warning'
    assert judge_budget(500, 5000, NOW).verdict == 'ok'


def test_a_repository_is_judged_by_its_state_and_name():
    assert judge_repository('acme/network', 'Acme/Network', archived=False, disabled=False).verdict == 'ok'
    assert judge_repository('acme/network', 'acme/fabric', archived=False, disabled=False).verdict == 'warning'
    assert judge_repository('acme/network', 'acme/network', archived=False, disabled=True).verdict == 'failed'


def test_rules_about_what_a_commit_holds_are_told():
    [finding] = judge_rules('main', obstacles(['commit_message_pattern']), proposes=True, verified=True)
    assert 'commit_message_pattern' in finding.message


HOOK = Hook(1, HOOK_URL, ('push', 'pull_request'), True, 'json', True, 202, 'OK')


@pytest.mark.parametrize(
    ('changed', 'words'),
    [
        ({'active': False}, 'switched off'),
        ({'events': ('push',)}, 'called for push instead of'),
        ({'events': ()}, 'called for nothing'),
        ({'content_type': 'form'}, 'JSON'),
        ({'checks_certificate': False}, 'certificate'),
        ({'last_status': 502, 'last_message': 'failed to connect'}, '502 failed to connect'),
    ],
)
def test_a_webhook_is_judged_by_how_it_calls(changed, words):
    fields = {name: getattr(HOOK, name) for name in HOOK.__slots__}
    finding = judge_hook(Hook(**fields | changed))
    assert finding.verdict == 'warning'
    assert words in finding.message


@pytest.mark.parametrize('changed', [{}, {'events': ('*',)}, {'last_status': 0, 'last_message': ''}])
def test_a_webhook_that_calls_as_it_should_is_ok(changed):
    fields = {name: getattr(HOOK, name) for name in HOOK.__slots__}
    assert judge_hook(Hook(**fields | changed)).verdict == 'ok'


def test_rules_are_sorted_by_what_satisfies_them():
    found = obstacles(
        ['pull_request', 'required_signatures', 'non_fast_forward', 'max_file_size', 'update', 'something_new']
    )
    assert found.proposal == ('pull_request', 'update')
    assert found.signature
    assert found.content == ('max_file_size',)
    assert obstacles([]) == obstacles(['deletion'])
