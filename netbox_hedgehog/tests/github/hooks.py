"""The routes of webhooks and their deliveries."""

from typing import Any

from .exchange import Answer, Refusal
from .routing import Call, operation
from .webhooks import Delivery, Hook, config_json, hook_json

__all__ = ()

REPOSITORY = '/repos/{owner}/{repo}'
HOOK = f'{REPOSITORY}/hooks/{{hook_id}}'
READ, WRITE = ('repository_hooks', 'read'), ('repository_hooks', 'write')
SETTINGS = ('url', 'content_type', 'secret', 'insecure_ssl')


@operation('repos/list-webhooks', f'GET {REPOSITORY}/hooks', permission=READ)
def list_hooks(call: Call) -> Answer:
    page, links = call.paged(call.repository.hooks)
    return Answer(200, [hook_json(call.repository, hook) for hook in page], links)


@operation('repos/create-webhook', f'POST {REPOSITORY}/hooks', permission=WRITE)
def create_hook(call: Call) -> Answer:
    config = call.body.get('config') or {}
    url = config.get('url')
    if not url:
        raise _invalid('custom', 'url cannot be blank')
    events = list(call.body.get('events') or ['push'])
    if any(hook.url == url and set(hook.events) & set(events) for hook in call.repository.hooks):
        raise _invalid('custom', 'Hook already exists on this repository')
    hook = Hook(call.forge.next_number(), url, events=events, created=call.forge.now())
    _configure(hook, config)
    hook.active = call.body.get('active', True)
    call.repository.hooks.append(hook)
    call.forge.changed()
    value = hook_json(call.repository, hook)
    call.forge.webhooks.ping(call.repository, hook)
    return Answer(201, value, {'Location': value['url']})


@operation('repos/get-webhook', f'GET {HOOK}', permission=READ)
def get_hook(call: Call) -> Answer:
    return Answer(200, hook_json(call.repository, _hook(call)))


@operation('repos/update-webhook', f'PATCH {HOOK}', permission=WRITE)
def update_hook(call: Call) -> Answer:
    hook, body = _hook(call), call.body
    if 'config' in body:
        # The configuration is replaced as a whole: a secret that is not sent again is gone.
        hook.secret = ''
        _configure(hook, body['config'])
    hook.active = body.get('active', hook.active)
    events = set(body.get('events', hook.events)) | set(body.get('add_events', ()))
    hook.events = sorted(events - set(body.get('remove_events', ())))
    call.forge.changed()
    return Answer(200, hook_json(call.repository, hook))


@operation('repos/delete-webhook', f'DELETE {HOOK}', permission=WRITE)
def delete_hook(call: Call) -> Answer:
    call.repository.hooks.remove(_hook(call))
    call.forge.changed()
    return Answer(204)


@operation('repos/get-webhook-config-for-repo', f'GET {HOOK}/config', permission=READ)
def get_hook_config(call: Call) -> Answer:
    return Answer(200, config_json(_hook(call)))


@operation('repos/update-webhook-config-for-repo', f'PATCH {HOOK}/config', permission=WRITE)
def update_hook_config(call: Call) -> Answer:
    hook = _hook(call)
    _configure(hook, call.body)
    call.forge.changed()
    return Answer(200, config_json(hook))


@operation('repos/ping-webhook', f'POST {HOOK}/pings', permission=READ)
def ping_hook(call: Call) -> Answer:
    call.forge.webhooks.ping(call.repository, _hook(call))
    return Answer(204)


@operation('repos/list-webhook-deliveries', f'GET {HOOK}/deliveries', permission=READ)
def list_deliveries(call: Call) -> Answer:
    return _listed(call, _hook(call))


@operation('repos/get-webhook-delivery', f'GET {HOOK}/deliveries/{{delivery_id}}', permission=READ)
def get_delivery(call: Call) -> Answer:
    delivery = _delivery(call, _hook(call))
    return Answer(
        200,
        _item(call, delivery)
        | {
            'url': '',
            'request': {'headers': delivery.request_headers, 'payload': delivery.payload},
            'response': {'headers': delivery.response_headers, 'payload': delivery.response},
        },
    )


@operation('repos/redeliver-webhook-delivery', f'POST {HOOK}/deliveries/{{delivery_id}}/attempts', permission=WRITE)
def redeliver(call: Call) -> Answer:
    hook = _hook(call)
    call.forge.webhooks.redeliver(hook, _delivery(call, hook))
    return Answer(202, {})


@operation('apps/list-webhook-deliveries', 'GET /app/hook/deliveries', for_app=True)
def list_app_deliveries(call: Call) -> Answer:
    return _listed(call, _app_hook(call))


@operation('apps/redeliver-webhook-delivery', 'POST /app/hook/deliveries/{delivery_id}/attempts', for_app=True)
def redeliver_app(call: Call) -> Answer:
    hook = _app_hook(call)
    call.forge.webhooks.redeliver(hook, _delivery(call, hook))
    return Answer(202, {})


def _configure(hook: Hook, config: dict[str, Any]) -> None:
    for name in SETTINGS:
        if name in config:
            setattr(hook, name, str(config[name]))


def _hook(call: Call) -> Hook:
    for hook in call.repository.hooks:
        if str(hook.id) == call.parameters['hook_id']:
            return hook
    raise Refusal(404, 'Not Found')


def _app_hook(call: Call) -> Hook:
    if call.caller.app is None or call.caller.app.hook is None:
        raise Refusal(404, 'Not Found')
    return call.caller.app.hook


def _delivery(call: Call, hook: Hook) -> Delivery:
    for delivery in hook.deliveries:
        if str(delivery.id) == call.parameters['delivery_id']:
            return delivery
    raise Refusal(404, 'Not Found')


def _listed(call: Call, hook: Hook) -> Answer:
    """List deliveries, newest first; the cursor is the id of the last one that was listed."""
    found = list(reversed(hook.deliveries))
    if status := call.query.get('status'):
        found = [delivery for delivery in found if delivery.is_success == (status == 'success')]
    cursor = call.query.get('cursor', '')
    if cursor.isdecimal():
        found = [delivery for delivery in found if delivery.id < int(cursor)]
    _, size = call.request.page()
    links = {}
    if len(found) > size:
        address = f'{call.forge.api_url}{call.request.path}?per_page={size}&cursor={found[size - 1].id}'
        links['Link'] = f'<{address}>; rel="next"'
    return Answer(200, [_item(call, delivery) for delivery in found[:size]], links)


def _item(call: Call, delivery: Delivery) -> dict[str, Any]:
    return {
        'id': delivery.id,
        'guid': delivery.guid,
        'delivered_at': delivery.delivered_at.strftime('%Y-%m-%dT%H:%M:%SZ'),
        'redelivery': delivery.redelivery,
        'duration': delivery.duration,
        'status': delivery.status,
        'status_code': delivery.status_code,
        'event': delivery.event,
        'action': delivery.action,
        'installation_id': None,
        'repository_id': call.known_repository.number if call.known_repository else None,
        'throttled_at': None,
    }


def _invalid(code: str, message: str) -> Refusal:
    return Refusal(422, 'Validation Failed', errors=[{'resource': 'Hook', 'code': code, 'message': message}])
