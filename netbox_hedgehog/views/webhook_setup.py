"""Setting up the webhook of a repository: install it at GitHub, and replace its secret."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from netbox.views.generic.base import BaseObjectView
from utilities.views import register_model_view

from ..models import GitRepository
from ..models.secrets import SecretUnreadable
from ..repositories import RepositoryError
from ..sync.webhooks import Installation, install_webhook, webhook_url

__all__ = ('GitRepositoryInstallWebhookView', 'GitRepositoryReplaceSecretView', 'url_of')


def url_of(request: HttpRequest, repository: GitRepository) -> str:
    """Return the address to call, by default at the server where the user reached NetBox."""
    return webhook_url(repository, f'{request.scheme}://{request.get_host()}')


class _SetupView(BaseObjectView):
    """Something that is done with the webhook of a repository, by POST."""

    queryset = GitRepository.objects.all()
    replaces_secret = False

    def get_required_permission(self) -> str:
        """Return the permission; the constraints of a user's rights decide about the single repository."""
        return 'netbox_hedgehog.change_gitrepository'

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Lead back: nothing is changed by following a link."""
        return redirect(get_object_or_404(self.queryset, pk=pk).get_absolute_url())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Do it; a secret that a person has to carry to the server is shown in this answer, and never again."""
        repository = get_object_or_404(self.queryset, pk=pk)
        try:
            installation = install_webhook(repository, url_of(request, repository), replace_secret=self.replaces_secret)
        except RepositoryError as error:
            messages.error(request, f'{error.message} {error.remedy}')
        except SecretUnreadable as error:
            messages.error(request, str(error))
        else:
            if installation.secret:
                return _show_secret(request, repository, installation)
            _tell(request, installation)
        return redirect(repository.get_absolute_url())


@register_model_view(GitRepository, 'install_webhook', path='install-webhook')
class GitRepositoryInstallWebhookView(_SetupView):
    """Make GitHub call us, with the secret that there is, or else a new one."""


@register_model_view(GitRepository, 'replace_secret', path='replace-secret')
class GitRepositoryReplaceSecretView(_SetupView):
    """Make a new secret for the webhook, and tell GitHub if we may."""

    replaces_secret = True


@never_cache
def _show_secret(request: HttpRequest, repository: GitRepository, installation: Installation) -> HttpResponse:
    context = {'object': repository, 'installation': installation}
    return render(request, 'netbox_hedgehog/webhook_secret.html', context)


def _tell(request: HttpRequest, installation: Installation) -> None:
    if installation.hook:
        messages.success(request, _('GitHub calls {url} from now on.').format(url=installation.url))
        return
    text = _('The webhook is to be set up by hand: {obstacle} Press New secret to be shown what to enter.')
    messages.warning(request, text.format(obstacle=installation.obstacle))
