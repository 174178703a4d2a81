"""Who one is, what is left to spend, and what Apps ask for themselves."""

from typing import Any

from .callers import LEVELS, App
from .exchange import Answer, Refusal
from .representations import number_of, repository_json, user_json
from .routing import Call, operation

__all__ = ()

EPOCH = '2026-01-01T00:00:00Z'


@operation('rate-limit/get', 'GET /rate_limit', is_free=True)
def get_rate_limit(call: Call) -> Answer:
    limits, now = call.forge.limits, call.forge.now()
    if not limits.enabled:
        raise Refusal(404, 'Rate limiting is not enabled.')
    core = limits.state(call.caller.login, 'core', now)
    resources = {name: limits.state(call.caller.login, name, now) for name in ('graphql', 'search')}
    return Answer(200, {'resources': {'core': core, **resources}, 'rate': core})


@operation('users/get-authenticated', 'GET /user', needs_login=True)
def get_user(call: Call) -> Answer:
    if call.caller.app:
        raise Refusal(403, 'Resource not accessible by integration')
    value = user_json(call.forge.url, call.caller.login)
    nothing: dict[str, Any] = dict.fromkeys(('name', 'company', 'blog', 'location', 'email', 'hireable', 'bio'))
    counts = dict.fromkeys(('public_repos', 'public_gists', 'followers', 'following'), 0)
    return Answer(200, value | nothing | counts | {'created_at': EPOCH, 'updated_at': EPOCH})


@operation('meta/get', 'GET /meta')
def get_meta(_call: Call) -> Answer:
    return Answer(200, {'verifiable_password_authentication': False}, {'x-github-enterprise-version': '3.17.0'})


# Apps


@operation('apps/get-authenticated', 'GET /app', for_app=True)
def get_app(call: Call) -> Answer:
    app = _app(call)
    return Answer(
        200,
        {
            'id': app.app_id,
            'slug': app.slug,
            'node_id': f'A_kwDO{app.app_id}',
            'client_id': app.client_id,
            'owner': user_json(call.forge.url, _owner(app), 'Organization'),
            'name': app.slug,
            'description': None,
            'external_url': f'{call.forge.url}/apps/{app.slug}',
            'html_url': f'{call.forge.url}/apps/{app.slug}',
            'created_at': EPOCH,
            'updated_at': EPOCH,
            'permissions': app.permissions,
            'events': ['push', 'pull_request'],
            'installations_count': 1,
        },
    )


@operation('apps/list-installations', 'GET /app/installations', for_app=True)
def list_installations(call: Call) -> Answer:
    page, links = call.paged([_installation(call, _app(call))])
    return Answer(200, page, links)


@operation('apps/get-repo-installation', 'GET /repos/{owner}/{repo}/installation', for_app=True)
def get_repository_installation(call: Call) -> Answer:
    return Answer(200, _installation(call, _app(call)))


@operation(
    'apps/create-installation-access-token', 'POST /app/installations/{installation_id}/access_tokens', for_app=True
)
def create_installation_token(call: Call) -> Answer:
    app = _app(call)
    if call.parameters['installation_id'] != str(app.installation_id):
        raise Refusal(404, 'Not Found')
    names = call.body.get('repositories')
    by_name = {name.partition('/')[2].lower(): name for name in app.repositories}
    if names is not None and any(name.lower() not in by_name for name in names):
        raise Refusal(
            422, 'There is at least one repository that does not exist or is not accessible to the parent installation.'
        )
    repositories = app.repositories if names is None else [by_name[name.lower()] for name in names]
    permissions = call.body.get('permissions') or app.permissions
    if any(LEVELS[level] > LEVELS.get(app.permissions.get(name, ''), 0) for name, level in permissions.items()):
        raise Refusal(422, 'The permissions requested are not granted to this installation.')
    value, caller = call.forge.issue_token(app, permissions, repositories)
    assert caller.expires is not None
    answer: dict[str, Any] = {
        'token': value,
        'expires_at': caller.expires.strftime('%Y-%m-%dT%H:%M:%SZ'),
        'permissions': permissions,
        'repository_selection': 'selected',
    }
    if names is not None:
        answer['repositories'] = [
            repository_json(repository) for name in repositories if (repository := call.forge.repository(name))
        ]
    return Answer(201, answer)


@operation('apps/list-repos-accessible-to-installation', 'GET /installation/repositories', needs_login=True)
def list_installation_repositories(call: Call) -> Answer:
    if not call.caller.app or call.route.for_app:
        raise Refusal(403, 'You must authenticate with an installation access token in order to list repositories.')
    names = sorted(call.caller.repositories or ())
    found = [repository for name in names if (repository := call.forge.repository(name))]
    page, links = call.paged(found)
    rows = [repository_json(repository, call.caller) for repository in page]
    return Answer(200, {'total_count': len(found), 'repository_selection': 'selected', 'repositories': rows}, links)


def _app(call: Call) -> App:
    assert call.caller.app is not None
    return call.caller.app


def _owner(app: App) -> str:
    return app.repositories[0].partition('/')[0] if app.repositories else 'acme'


def _installation(call: Call, app: App) -> dict[str, Any]:
    owner, api = _owner(app), call.forge.api_url
    return {
        'id': app.installation_id,
        'account': user_json(call.forge.url, owner, 'Organization'),
        'repository_selection': 'selected',
        'access_tokens_url': f'{api}/app/installations/{app.installation_id}/access_tokens',
        'repositories_url': f'{api}/installation/repositories',
        'html_url': f'{call.forge.url}/organizations/{owner}/settings/installations/{app.installation_id}',
        'app_id': app.app_id,
        'target_id': number_of(owner),
        'target_type': 'Organization',
        'permissions': app.permissions,
        'events': ['push', 'pull_request'],
        'created_at': EPOCH,
        'updated_at': EPOCH,
        'single_file_name': None,
        'app_slug': app.slug,
        'suspended_by': None,
        'suspended_at': None,
    }
