"""The routes of pull requests."""

from typing import Any

from .exchange import Answer, Refusal
from .pull_requests import PullRequest
from .routing import Call, operation

__all__ = ()

REPOSITORY = '/repos/{owner}/{repo}'
PULL = f'{REPOSITORY}/pulls/{{pull_number}}'
READ, WRITE = ('pull_requests', 'read'), ('pull_requests', 'write')


@operation('pulls/list', f'GET {REPOSITORY}/pulls', permission=READ)
def list_pulls(call: Call) -> Answer:
    state = call.query.get('state', 'open')
    found = [pull for pull in reversed(call.repository.pull_requests) if state in {'all', pull.state}]
    owner, colon, head = call.query.get('head', '').partition(':')
    # Without an owner the filter is not applied at all.
    if colon:
        found = [pull for pull in found if owner.lower() == call.repository.owner.lower() and pull.head == head]
    if base := call.query.get('base'):
        found = [pull for pull in found if pull.base == base]
    page, links = call.paged(found)
    return Answer(200, [pull.json(is_full=False) for pull in page], links)


@operation('pulls/create', f'POST {REPOSITORY}/pulls', permission=WRITE)
def create_pull(call: Call) -> Answer:
    pull = call.repository.pulls.open(
        title=call.required('title'),
        head=call.required('head'),
        base=call.required('base'),
        body=call.body.get('body'),
        user=call.caller.login,
        draft=call.body.get('draft', False),
    )
    value = pull.json()
    return Answer(201, value, {'Location': value['url']})


@operation('pulls/get', f'GET {PULL}', permission=READ)
def get_pull(call: Call) -> Answer:
    return Answer(200, _pull(call).json())


@operation('pulls/update', f'PATCH {PULL}', permission=WRITE)
def update_pull(call: Call) -> Answer:
    pull, body = _pull(call), call.body
    changes = {
        name: {'from': getattr(pull, name) or ''}
        for name in ('title', 'body')
        if name in body and body[name] != getattr(pull, name)
    }
    pull.title = body.get('title') or pull.title
    pull.body = body.get('body', pull.body)
    if base := body.get('base'):
        pull.base, pull.base_sha = base, call.repository.head(base)
    if body.get('state') == 'closed':
        call.repository.pulls.close(pull, actor=call.caller.login)
    elif body.get('state') == 'open':
        call.repository.pulls.reopen(pull, actor=call.caller.login)
    call.forge.changed()
    if changes:
        call.forge.webhooks.announce_pull(pull, 'edited', call.caller.login, {'changes': changes})
    return Answer(200, pull.json())


@operation('pulls/merge', f'PUT {PULL}/merge', permission=('contents', 'write'))
def merge_pull(call: Call) -> Answer:
    pull = _pull(call)
    if call.body.get('sha', pull.head_sha) != pull.head_sha:
        raise Refusal(409, 'Head branch was modified. Review and try the merge again.')
    title, message = call.body.get('commit_title') or '', call.body.get('commit_message') or ''
    sha = call.repository.pulls.merge(
        pull,
        call.body.get('merge_method', 'merge'),
        actor=call.caller.login,
        title=f'{title}\n\n{message}' if title and message else title,
    )
    return Answer(200, {'sha': sha, 'merged': True, 'message': 'Pull Request successfully merged'})


@operation('pulls/update-branch', f'PUT {PULL}/update-branch', permission=WRITE)
def update_branch(call: Call) -> Answer:
    pull = _pull(call)
    if call.body.get('expected_head_sha', pull.head_sha) != pull.head_sha:
        raise Refusal(422, "expected_head_sha didn't match current head ref.")
    call.repository.pulls.update_branch(pull, actor=call.caller.login)
    return Answer(202, {'message': 'Updating pull request branch.', 'url': pull.url})


@operation('pulls/request-reviewers', f'POST {PULL}/requested_reviewers', permission=WRITE)
def request_reviewers(call: Call) -> Answer:
    pull = _pull(call)
    wanted = call.body.get('reviewers') or []
    if pull.user in wanted:
        raise Refusal(422, 'Review cannot be requested from pull request author.')
    if any(login not in call.forge.collaborators for login in wanted) or call.body.get('team_reviewers'):
        raise Refusal(
            422,
            'Reviews may only be requested from collaborators. One or more of the users or teams you specified is not '
            f'a collaborator of the {call.repository.full_name} repository.',
        )
    pull.reviewers += [login for login in wanted if login not in pull.reviewers]
    call.forge.changed()
    return Answer(201, pull.json(is_full=False))


@operation('pulls/list-requested-reviewers', f'GET {PULL}/requested_reviewers', permission=READ)
def list_reviewers(call: Call) -> Answer:
    value = _pull(call).json(is_full=False)
    return Answer(200, {'users': value['requested_reviewers'], 'teams': []})


@operation('pulls/remove-requested-reviewers', f'DELETE {PULL}/requested_reviewers', permission=WRITE)
def remove_reviewers(call: Call) -> Answer:
    pull = _pull(call)
    gone = call.body.get('reviewers') or []
    pull.reviewers = [login for login in pull.reviewers if login not in gone]
    call.forge.changed()
    return Answer(200, pull.json(is_full=False))


@operation('issues/add-labels', f'POST {REPOSITORY}/issues/{{issue_number}}/labels', permission=WRITE)
def add_labels(call: Call) -> Answer:
    pull = call.repository.pulls.get(_number(call.parameters['issue_number']))
    names = [label['name'] if isinstance(label, dict) else label for label in call.body.get('labels') or []]
    pull.labels += [name for name in names if name not in pull.labels]
    call.forge.changed()
    return Answer(200, _labels(pull))


@operation('issues/list-labels-on-issue', f'GET {REPOSITORY}/issues/{{issue_number}}/labels', permission=READ)
def list_labels(call: Call) -> Answer:
    return Answer(200, _labels(call.repository.pulls.get(_number(call.parameters['issue_number']))))


def _labels(pull: PullRequest) -> list[dict[str, Any]]:
    labels: list[dict[str, Any]] = pull.json(is_full=False)['labels']
    return labels


def _pull(call: Call) -> PullRequest:
    return call.repository.pulls.get(_number(call.parameters['pull_number']))


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0
