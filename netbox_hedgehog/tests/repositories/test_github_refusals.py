"""Each way in which GitHub refuses has its own error, with GitHub's own words and what to do about it."""

import json
import logging
from datetime import UTC, datetime, timedelta

import pytest
from requests.structures import CaseInsensitiveDict

from netbox_hedgehog.repositories import (
    Archived,
    BranchMissing,
    CredentialUnusable,
    EmptyRepository,
    Forbidden,
    NotFound,
    ProtectedBranch,
    RateLimited,
    RepositoryError,
    Unauthorized,
    Unavailable,
)
from netbox_hedgehog.repositories.github import Answer, AppKey, ProcessTokens, Token
from netbox_hedgehog.repositories.github.ledger import LONGEST_WAIT, Spending, Unlimited, seconds_to_wait
from netbox_hedgehog.repositories.github.refusals import is_limited, is_query_limited, redacted, refusal, sentence
from netbox_hedgehog.tests.github import FaultKind

from .on_github import TOKEN

ADDRESS = 'https://github.com/acme/network'
RULES = 'Repository rule violations found\n\nChanges must be made through a pull request.\n\n'
CHECKS = '2 of 2 required status checks are expected. At least one approving review is required by reviewers.'


def answer(status: int, message: str = '', headers: dict[str, str] | None = None, **more) -> Answer:
    body = json.dumps({'message': message, **more}).encode() if message or more else b''
    return Answer(status, CaseInsensitiveDict(headers or {}), body)


@pytest.mark.parametrize(
    ('status', 'message', 'error'),
    [
        (401, 'Bad credentials', Unauthorized),
        (401, "'Expiration time' claim ('exp') is too far in the future", Unauthorized),
        (403, 'Resource not accessible by integration', Forbidden),
        (403, 'Resource not accessible by personal access token', Forbidden),
        (403, 'Repository was archived so is read-only.', Archived),
        (404, 'Not Found', NotFound),
        (409, 'Git Repository is empty.', EmptyRepository),
        (409, RULES, ProtectedBranch),
        (422, RULES, ProtectedBranch),
        (422, CHECKS, ProtectedBranch),
        (422, 'Reference update failed', ProtectedBranch),
        (422, 'Reference does not exist', BranchMissing),
        (422, 'Object does not exist', Unavailable),
        (422, 'base_tree is not a valid tree oid', Unavailable),
        (451, 'Repository access blocked', Unavailable),
        (418, '', Unavailable),
        (500, '', Unavailable),
        (502, 'Server Error', Unavailable),
    ],
)
def test_each_refusal_has_its_own_error(status, message, error):
    found = refusal(answer(status, message), address=ADDRESS, branch='main')
    assert type(found) is error
    assert found.remedy.endswith('.')
    if isinstance(found, Unavailable | ProtectedBranch | Forbidden):
        assert ' '.join(message.split()) in str(found)


def test_a_missing_permission_and_an_organisation_say_what_to_do():
    needs = refusal(answer(403, 'No', {'X-Accepted-GitHub-Permissions': 'contents=write'}), address=ADDRESS)
    assert (needs.needs, needs.remedy) == ('contents=write', 'Grant the account contents=write.')
    url = 'https://github.com/orgs/acme/sso?authorization_request=A1'
    sso = refusal(answer(403, 'No', {'X-GitHub-SSO': f'required; url={url}'}), address=ADDRESS)
    assert (sso.sso_url, sso.remedy) == (url, f'Authorise the token for the organisation: open {url}.')


def test_every_sentence_of_an_answer_is_told_on_one_line():
    said = answer(422, 'Validation Failed\n', errors=[{'message': 'one'}, 'two', {'code': 'x'}, 3])
    assert 'Validation Failed one two' in str(refusal(said, address=ADDRESS))
    assert len(sentence('x' * 9_999)) == 501


def test_a_page_is_not_quoted_and_the_number_of_a_request_is():
    page = Answer(502, CaseInsensitiveDict({'x-github-request-id': 'AB:12'}), b'<html>secret</html>')
    found = refusal(page, address=ADDRESS)
    assert str(found) == f'{ADDRESS} answered with the HTTP status 502 (request AB:12).'
    assert found.status == 502


@pytest.mark.parametrize(
    ('given', 'limited'),
    [
        (answer(429), True),
        (answer(403, 'x', {'Retry-After': '30'}), True),
        (answer(403, 'x', {'X-RateLimit-Remaining': '0'}), True),
        (answer(403, 'You have exceeded a secondary rate limit.'), True),
        (answer(403, 'Resource not accessible by integration', {'X-RateLimit-Remaining': '10'}), False),
        (answer(503, 'x', {'Retry-After': '30'}), False),
    ],
)
def test_limits_are_told_from_missing_permissions(given, limited):
    assert is_limited(given) is limited


NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ('headers', 'seconds'),
    [
        ({'retry-after': '30', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1'}, 30),
        ({'x-ratelimit-remaining': '0', 'x-ratelimit-reset': str(int(NOW.timestamp()) + 90)}, 90),
        ({'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '5'}, 0),
        ({'x-ratelimit-remaining': '7', 'x-ratelimit-reset': str(int(NOW.timestamp()) + 90)}, 60),
        ({'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '9' * 30}, LONGEST_WAIT),
        ({'retry-after': '9' * 30}, LONGEST_WAIT),
        ({'retry-after': '9' * 5_000}, LONGEST_WAIT),
        ({'retry-after': '²'}, 60),
        ({'retry-after': 'soon'}, 60),
        ({}, 60),
    ],
)
def test_how_long_to_wait(headers, seconds):
    assert seconds_to_wait(headers, NOW.timestamp()) == seconds
    assert Unlimited(lambda: NOW).note(403, headers, limited=True, resource='core') == NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ('fault', 'error'),
    [
        ({'kind': FaultKind.UNAUTHORIZED}, Unauthorized),
        ({'kind': FaultKind.FORBIDDEN}, Forbidden),
        ({'kind': FaultKind.NOT_FOUND, 'times': 2}, NotFound),
        ({'kind': FaultKind.EMPTY}, EmptyRepository),
        ({'kind': FaultKind.RATE_LIMIT_403}, RateLimited),
        ({'kind': FaultKind.RATE_LIMIT_403, 'retry_after': 7}, RateLimited),
        ({'kind': FaultKind.RATE_LIMIT_429}, RateLimited),
        ({'kind': FaultKind.SECONDARY_LIMIT}, RateLimited),
        ({'kind': FaultKind.BAD_GATEWAY}, Unavailable),
        ({'kind': FaultKind.SERVER_ERROR}, Unavailable),
        ({'kind': FaultKind.RESET}, Unavailable),
        ({'kind': FaultKind.CUT_OFF}, Unavailable),
        ({'kind': FaultKind.PROXY_PAGE}, Unavailable),
        ({'kind': FaultKind.REDIRECT}, Unavailable),
    ],
    ids=lambda value: value['kind'].name if isinstance(value, dict) else None,
)
@pytest.mark.parametrize('is_write', [False, True], ids=['reading', 'writing'])
def test_each_bad_day_ends_in_one_error_and_no_change(hub, fault, error, is_write):
    head = hub.warm()
    hub.fail(**{**fault, 'times': 99})
    with hub.open() as repository:
        act = (
            (lambda: hub.commit({'a': b'1'}, head, repository=repository, known={'a': None}))
            if is_write
            else repository.head
        )
        with pytest.raises(RepositoryError) as refused:
            act()
    wanted = error if not is_write or error is not EmptyRepository else RepositoryError
    assert isinstance(refused.value, wanted)
    assert hub.hosted.head() == head
    if fault.get('retry_after'):
        assert refused.value.until == hub.clock() + timedelta(seconds=7)


def test_the_ledger_is_asked_before_and_told_after_every_request(hub):
    head = hub.warm()

    class Writing(Unlimited):
        entries = []

        def admit(self, spending, *, further_writes=0):
            self.entries.append((spending, further_writes))
            return 0.5 if spending is Spending.WRITE else 0

        def note(self, status, headers, *, limited, resource):
            assert headers['x-github-request-id']
            self.entries.append((status, limited, resource))

    with hub.open(ledger=Writing()) as repository:
        repository.head()
        hub.commit({'a': b'1', 'b': b'\xff'}, head, repository=repository, known={'a': None, 'b': None})
    assert Writing.entries == [
        (Spending.READ, 0),
        (304, False, 'core'),
        (Spending.WRITE, 3),
        (201, False, 'core'),
        (Spending.WRITE, 2),
        (201, False, 'core'),
        (Spending.WRITE, 1),
        (201, False, 'core'),
        (Spending.MUTATION, 0),
        (200, False, 'graphql'),
    ]
    assert hub.pauses == [0.5] * 3


class Noting(Unlimited):
    """Keeps what it was told of the limits."""

    def __init__(self, now) -> None:
        super().__init__(now)
        self.noted = []

    def note(self, status, headers, *, limited, resource):
        self.noted.append((status, limited, resource))
        return super().note(status, headers, limited=limited, resource=resource)


def test_a_limit_that_graphql_tells_of_with_status_200_is_told_to_the_ledger_once(hub):
    ledger = Noting(hub.clock)
    hub.forge.limits.enabled = True
    hub.forge.limits.exhaust('hedgehog-bot', hub.clock(), 'graphql')
    server = hub.server(ledger=ledger)
    for ask in (server.query, server.mutate):
        with pytest.raises(RateLimited):
            ask('{ viewer { login } }', {})
    server.close()
    assert ledger.noted == [(200, True, 'graphql')] * 2


@pytest.mark.parametrize(
    ('body', 'limited'),
    [
        ({'errors': [{'type': 'RATE_LIMITED', 'message': 'x'}]}, True),
        ({'errors': [{'message': 'You have exceeded a secondary rate limit.'}], 'data': None}, True),
        ({'errors': [{'type': 'NOT_FOUND', 'message': 'x'}]}, False),
        ({'errors': 'x'}, False),
        ({'data': {'text': 'rate limit', 'more': '"errors"'}}, False),
        (['errors'], False),
    ],
)
def test_limits_are_found_in_what_graphql_says(body, limited):
    assert is_query_limited(Answer(200, CaseInsensitiveDict(), json.dumps(body).encode())) is limited


def test_a_page_from_graphql_says_nothing_of_limits():
    assert not is_query_limited(Answer(200, CaseInsensitiveDict(), b'<html>"errors"'))


def test_a_ledger_that_does_not_admit_stops_a_batch_before_it_begins(hub):
    head = hub.warm()

    class Closed(Unlimited):
        def admit(self, spending, *, further_writes=0):
            if spending is Spending.WRITE:
                raise RateLimited(ADDRESS, NOW)
            return 0

    with hub.open(ledger=Closed()) as repository, pytest.raises(RateLimited):
        hub.commit({'a': b'1'}, head, repository=repository, known={'a': None})
    assert hub.forge.requests == []


# ---- Names and ways


def test_a_renamed_repository_is_found_under_its_new_name(hub):
    head = hub.warm()
    hub.hosted.rename('renamed')
    old = {'repository': 'acme/network'}
    with hub.open(**old) as repository:
        assert repository.head() == head
        new = hub.commit({'a': b'1'}, head, repository=repository)
    assert hub.hosted.head() == new
    assert hub.memory.full_name == 'acme/renamed'
    hub.forge.requests.clear()
    with hub.open(**old) as repository:
        assert repository.head() == new
    assert [request.path for request in hub.forge.requests] == ['/repos/acme/renamed/git/ref/heads/main']


def test_a_repository_renamed_in_the_middle_of_a_commit_loses_nothing(hub):
    head = hub.warm()
    with hub.open(repository='acme/network') as repository:
        repository.head()
        hub.hosted.rename('renamed')
        new = hub.commit({'a': b'1'}, head, repository=repository, known={'a': None})
    assert hub.hosted.head() == new


def test_a_redirect_to_another_host_is_not_followed(hub):
    hub.warm()
    hub.fail(FaultKind.REDIRECT, status=301)
    with hub.open() as repository, pytest.raises(Unavailable, match='redirects to localhost'):
        repository.head()
    assert len(hub.forge.requests) == 1


# ---- Secrets


def test_whatever_looks_like_a_secret_is_cut_out():
    text = (
        'ghp_0123456789abcdef ghs_1234_eyJhbGciOi.J9-x_y.z github_pat_11ABCDEFG0_abc '
        'Authorization: Bearer abcdefghijklmnop eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOi.x our-own-secret https://a:b@h/r'
    )
    cut = redacted(text, ['our-own-secret'])
    assert cut == '[secret] [secret] [secret] Authorization: Bearer [secret] [secret] [secret] https://h/r'
    assert redacted('github_pat and ghp are kinds; gha_ctions') == 'github_pat and ghp are kinds; gha_ctions'


@pytest.mark.parametrize(
    'fault', [kind for kind in FaultKind if kind is not FaultKind.SLOW], ids=lambda kind: kind.name
)
def test_no_secret_is_in_any_message_or_log(hub, fault, caplog):
    app = hub.forge.add_app(repositories=['acme/network'])
    tokens = ProcessTokens()
    caplog.set_level(logging.DEBUG)
    head = hub.hosted.head()
    secrets = [TOKEN, app.private_key_pem, *app.private_key_pem.split('\n')[1:3]]
    for credential in (Token(TOKEN), AppKey('1234', app.private_key_pem)):
        assert not any(secret in repr(credential) for secret in secrets)
        with hub.open(credential=credential, token_cache=tokens) as repository:
            repository.head()
            hub.fail(fault, times=4)
            for step in (
                repository.head,
                lambda repository=repository: repository.tree(head, ''),
                lambda repository=repository: hub.commit({'a': b'1'}, head, repository=repository),
            ):
                try:
                    step()
                except RepositoryError as error:
                    caplog.set_level(logging.DEBUG)
                    logging.getLogger('test').exception('%r %s %s', error, error.remedy, vars(error))  # noqa: TRY401
            hub.forge.faults.clear()
    secrets += [value for value in hub.forge.callers if value.startswith('ghs_')]
    assert len(secrets) > 4
    assert not any(secret in caplog.text for secret in secrets)


def test_a_secret_that_the_server_repeats_goes_no_further(hub):
    server = hub.server()
    echo = answer(422, f'You sent {TOKEN} and Bearer 0123456789abcdef0123')
    assert str(server.refused(echo)).endswith('You sent [secret] and Bearer [secret]')
    server.close()


def test_the_users_netrc_is_not_sent(hub, tmp_path, monkeypatch):
    netrc = tmp_path / 'netrc'
    netrc.write_text('default login ann password s3cret\n')
    monkeypatch.setenv('NETRC', str(netrc))
    with hub.open() as repository:
        assert repository.head()


@pytest.mark.parametrize('value', ['ghp_with\nbreak', 'ghp_größe', 'ghp_\0'])
def test_a_token_that_cannot_be_sent_is_refused_without_being_quoted(hub, value):
    with hub.open(credential=Token(value)) as repository, pytest.raises(CredentialUnusable) as refused:
        repository.head()
    assert value not in str(refused.value)
    assert hub.forge.requests == []


def test_space_around_a_token_does_no_harm(hub):
    with hub.open(credential=Token(f' {TOKEN}\n')) as repository:
        assert repository.head() == hub.hosted.head()
