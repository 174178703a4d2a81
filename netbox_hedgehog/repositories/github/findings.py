"""What the answers of GitHub say about a connection, as lines that a person can act on."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Literal

from .budget import RESERVE
from .hooks import EVENTS, Hook
from .rules import Obstacles

__all__ = (
    'Check',
    'Finding',
    'Verdict',
    'judge_budget',
    'judge_clock',
    'judge_hook',
    'judge_repository',
    'judge_rules',
    'judge_server',
    'judge_token',
)

type Check = Literal[
    'credential',
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
]
type Verdict = Literal['ok', 'warning', 'failed', 'skipped']

# GitHub Enterprise Server from this version on has every route that is used.
OLDEST_SERVER = (3, 17)

# A signed request of a GitHub App is dated back by a minute; a clock that is ahead by more makes GitHub refuse it.
SKEW = timedelta(seconds=30)

EXPIRY_NOTICE = timedelta(days=14)

_VERSION = re.compile(r'(\d+)\.(\d+)')
_WRITING_SCOPES = frozenset({'repo', 'public_repo'})


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer to one question; `remedy` says what a person can do where the verdict is not `ok`."""

    check: Check
    verdict: Verdict
    message: str
    remedy: str = ''


def judge_server(headers: Mapping[str, str]) -> Finding:
    """Judge the server by the version that GitHub Enterprise Server states; github.com states none."""
    number = _VERSION.search(headers.get('x-github-enterprise-version', ''))
    if number is None:
        return Finding('address', 'ok', 'The server answers.')
    if (int(number[1]), int(number[2])) < OLDEST_SERVER:
        return Finding(
            'address',
            'warning',
            f'The server answers; it is GitHub Enterprise Server {number[0]}, older than the oldest one known.',
            'Update the server, or choose the plain Git backend.',
        )
    return Finding('address', 'ok', f'The server answers; it is GitHub Enterprise Server {number[0]}.')


def judge_token(login: str, headers: Mapping[str, str], now: datetime) -> Finding:
    """Judge a personal token by what it may do and how long it lasts, as far as GitHub says so."""
    signed_in = f'Signed in as {login}.'
    scopes = headers.get('x-oauth-scopes')  # only classic tokens have scopes
    if scopes is not None and not _WRITING_SCOPES & {scope.strip() for scope in scopes.split(',')}:
        return Finding(
            'authentication',
            'warning',
            f'{signed_in} The classic token has the scopes {scopes or "none"}, but not repo.',
            'Use a fine-grained token that may read and write contents, or a GitHub App.',
        )
    expires = _expiry(headers.get('github-authentication-token-expiration', ''))
    if expires is None:
        return Finding('authentication', 'ok', signed_in)
    message = f'{signed_in} The token expires at {expires.isoformat(timespec="seconds")}.'
    if expires - now < EXPIRY_NOTICE:
        return Finding('authentication', 'warning', message, 'Renew the token before that, or use a GitHub App.')
    return Finding('authentication', 'ok', message)


def _expiry(text: str) -> datetime | None:
    """Read `2026-12-01 12:00:00 UTC`, or the same with an offset in the place of the zone."""
    date, _, zone = text.rpartition(' ')
    try:
        expires = datetime.fromisoformat(f'{date}{"+00:00" if zone == "UTC" else zone}')
    except ValueError:
        return None
    return expires if expires.tzinfo else None


def judge_clock(date: str, now: datetime) -> Finding:
    """Compare the time that a server stated in a `Date` header with ours."""
    try:
        skew = now - parsedate_to_datetime(date)
    except (TypeError, ValueError):
        return Finding('clock', 'skipped', 'The server did not say what time it is.')
    seconds = round(abs(skew).total_seconds())
    if abs(skew) <= SKEW:
        return Finding('clock', 'ok', f'The clocks differ by {seconds} s.')
    return Finding(
        'clock',
        'warning',
        f'The clock of this machine is {seconds} s {"ahead of" if skew > SKEW else "behind"} the clock of the server.',
        'Set the clock of this machine by NTP: GitHub refuses the sign-in of an App whose clock is wrong.',
    )


def judge_budget(remaining: int, limit: int, reset: datetime) -> Finding:
    """Judge how many requests of the hour are left."""
    message = f'{remaining} of {limit} requests are left until {reset.astimezone(UTC):%H:%M:%S} UTC.'
    if remaining < limit * RESERVE:
        remedy = 'Use an account or a GitHub App that nothing else makes requests with.'
        return Finding('budget', 'warning', message, remedy)
    return Finding('budget', 'ok', message)


def judge_repository(wanted: str, found: str, *, archived: bool, disabled: bool) -> Finding:
    """Judge a repository by its state, and by whether it is still called as it was asked for."""
    if archived or disabled:
        state = 'archived' if archived else 'disabled'
        return Finding(
            'repository',
            'failed',
            f'The repository {found} is {state}: it can be read, but not written.',
            'Unarchive the repository, or give another one.' if archived else 'Ask GitHub why, or give another one.',
        )
    if found.lower() != wanted.lower():
        return Finding(
            'repository',
            'warning',
            f'The repository {wanted} is now called {found}.',
            'Correct the address: GitHub forwards the old name only until somebody else takes it.',
        )
    return Finding('repository', 'ok', f'The repository {found} is there.')


def judge_rules(branch: str, found: Obstacles, *, proposes: bool, verified: bool) -> Iterator[Finding]:
    """Give a line for every kind of rule that the service, as it is set, may run into."""
    if found.proposal:
        only = f'The branch {branch} takes changes by pull request only ({", ".join(found.proposal)})'
        if proposes:
            yield Finding('rules', 'ok', f'{only}, and that is how they are written.')
        else:
            yield Finding(
                'rules',
                'warning',
                f'{only}.',
                'Let the service propose its changes, or put its account on the bypass list of the rule.',
            )
    if found.signature and not verified:
        yield Finding(
            'rules',
            'warning',
            f'The branch {branch} takes signed commits only.',
            'Choose verified commits, which GitHub signs; they name the account as author.',
        )
    if found.content:
        yield Finding(
            'rules',
            'warning',
            f'Rules of the branch {branch} look at what a commit says or holds ({", ".join(found.content)}).',
            'See that commits of the service satisfy them, or put its account on their bypass list.',
        )


def judge_hook(hook: Hook) -> Finding:
    """Judge whether a webhook calls us as it should."""
    faults = []
    if not hook.active:
        faults.append('it is switched off')
    if not set(EVENTS) <= set(hook.events) and '*' not in hook.events:
        faults.append(f'it is called for {", ".join(hook.events) or "nothing"} instead of {" and ".join(EVENTS)}')
    if hook.content_type != 'json':
        faults.append('it does not send JSON')
    if not hook.checks_certificate:
        faults.append('it does not check the certificate of this server')
    if hook.last_status and not 200 <= hook.last_status < 300:
        faults.append(f'its last call was answered with {hook.last_status} {hook.last_message}'.rstrip())
    if faults:
        return Finding(
            'webhook',
            'warning',
            f'The webhook is installed, but {"; ".join(faults)}.',
            'Install the webhook again, and check that GitHub can reach its address.',
        )
    return Finding('webhook', 'ok', 'The webhook is installed.')
