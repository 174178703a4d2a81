"""Where GitHub calls us: the only page that takes a request from somebody who is not logged in.

What proves a call is its signature, over the bytes as they arrived. Until it is proved nothing is parsed, stored or
told: an unknown repository, one without a secret and a wrong signature get one and the same answer.
"""

from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import View

from ..jobs import wake_now
from ..models import WebhookState
from ..repositories.github.events import EventRefused, Ping, read_event
from ..repositories.github.signature import SIGNATURE_HEADER
from ..sync.deliveries import LONGEST_GUID, accept
from ..sync.webhooks import is_genuine, note_delivery, note_rejection

__all__ = ('GitHubWebhookView',)

# GitHub delivers no more. Django's own limit, made for forms, is lower, and applies to bodies that it reads itself.
LONGEST_BODY = 25 * 1024 * 1024


@method_decorator(csrf_exempt, name='dispatch')
class GitHubWebhookView(View):
    """Take a call of a repository's webhook, and queue what it calls for."""

    http_method_names = ['post']

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Answer at once: the work is a job's."""
        if _declared_length(request) > LONGEST_BODY:
            return _answer(413, 'The body is too large.')
        try:
            body = request.read(LONGEST_BODY + 1)
        except UnreadablePostError:
            return _answer(400, 'The body ended early.')
        if len(body) > LONGEST_BODY:
            return _answer(413, 'The body is too large.')
        state = WebhookState.objects.filter(repository=pk).select_related('repository').first()
        if state is None or not is_genuine(state, body, request.headers.get(SIGNATURE_HEADER, '')):
            if state:
                note_rejection(state)
            return _answer(403, 'The signature is missing or wrong.')
        note_delivery(state)
        return _take(request, state, body)


def _take(request: HttpRequest, state: WebhookState, body: bytes) -> HttpResponse:
    """Do what a genuine call asks for."""
    if request.content_type != 'application/json':
        return _answer(415, 'Set the content type of the webhook to application/json.')
    name = request.headers.get('X-GitHub-Event', '')
    try:
        event = read_event(name, body)
    except EventRefused as refused:
        return _answer(400, str(refused))
    if isinstance(event, Ping):
        return _answer(200, 'The webhook works.')
    if event is None:
        return _answer(202, 'Ignored: this concerns no fabric.')
    guid = request.headers.get('X-GitHub-Delivery', '')
    if not guid or len(guid) > LONGEST_GUID:
        return _answer(400, 'The header X-GitHub-Delivery is missing or too long.')
    receipt = accept(state.repository, guid, name, event)
    if receipt.is_done_already:
        return _answer(200, 'This delivery was already processed.')
    if not receipt.fabrics:
        return _answer(202, 'Nothing to do: this concerns no fabric, or is known.')
    wake_now(receipt.fabrics)
    return _answer(202, 'Queued.')


def _declared_length(request: HttpRequest) -> int:
    try:
        return int(request.headers.get('Content-Length', ''))
    except ValueError:  # what is not declared is measured while reading
        return 0


def _answer(status: int, text: str) -> HttpResponse:
    return HttpResponse(f'{text}\n', status=status, content_type='text/plain; charset=utf-8')
