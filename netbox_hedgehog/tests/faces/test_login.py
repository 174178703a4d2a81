"""Nothing is shown or done for somebody who is not logged in, but for the webhook, which is signed."""

from collections.abc import Iterator
from pathlib import Path

from django.test import Client, TestCase
from django.urls import URLResolver, get_resolver, reverse

import netbox_hedgehog

PACKAGE = Path(netbox_hedgehog.__file__).parent


def addresses(*namespaces) -> Iterator[str]:
    """Return an address for every page below a namespace, with something for each parameter."""
    prefix, resolver = '/', get_resolver()
    for namespace in namespaces:
        part, resolver = resolver.namespace_dict[namespace]
        prefix += part
    yield from sorted({prefix + path for path in _paths(resolver)})


def _paths(resolver: URLResolver) -> Iterator[str]:
    for entries in resolver.reverse_dict.lists():
        for possibilities, *_rest in entries[1]:
            for template, parameters in possibilities:
                if 'format' not in parameters:
                    yield template % {name: 'vpc' if name == 'model_name' else 1 for name in parameters}


class LoginTests(TestCase):
    def setUp(self):
        self.client = Client(enforce_csrf_checks=True)
        self.webhook = reverse('plugins:netbox_hedgehog:github_webhook', args=[1])

    def test_every_page_but_the_webhook_asks_for_a_login(self):
        pages = list(addresses('plugins', 'netbox_hedgehog'))
        assert len(pages) > 150
        assert self.webhook in pages
        for page in set(pages) - {self.webhook}:
            response = self.client.get(page)
            assert response.status_code == 302, page
            assert response.url.startswith('/login/'), page
            assert self.client.post(page).status_code == 403, page

    def test_the_api_asks_for_a_token(self):
        pages = list(addresses('plugins-api', 'netbox_hedgehog-api'))
        assert len(pages) > 30
        for page in pages:
            assert self.client.get(page).status_code == 403, page
            assert self.client.post(page, {}, content_type='application/json').status_code == 403, page

    def test_the_webhook_asks_for_a_signature(self):
        response = self.client.post(self.webhook, {}, content_type='application/json')
        assert response.status_code == 403
        assert response.content == b'The signature is missing or wrong.\n'

    def test_no_other_page_is_exempt_from_the_protection_against_forged_requests(self):
        sources = [path for path in PACKAGE.rglob('*.py') if 'tests' not in path.relative_to(PACKAGE).parts]
        exempt = [str(path.relative_to(PACKAGE)) for path in sources if 'csrf_exempt' in path.read_text()]
        assert exempt == ['views/webhooks.py']
