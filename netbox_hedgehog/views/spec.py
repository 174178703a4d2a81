"""The form of a resource, what it offers, and what saving it will change."""

import re
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.generic import View
from netbox.views import generic
from utilities.forms import restrict_form_fields
from utilities.views import ConditionalLoginRequiredMixin

from ..forms.manifests import write_spec
from ..forms.model_forms import ResourceForm
from ..forms.spec import Wanted, offers
from ..manifests import Unwritable
from ..models import HedgehogFabric, Resource
from ..models.permissions import may, permission_needed
from .difference import Difference, difference_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

__all__ = ('ResourceEditView', 'ResourcePreviewView', 'SpecOffersView')

# What a page may send to be looked up; names are shorter.
_LONGEST = 1000
# The number of a fabric; of a text of thousands of digits Python makes no number.
_NUMBER = re.compile(r'[0-9]{1,18}')


class ResourceEditView(generic.ObjectEditView):
    """Add or edit a resource."""

    template_name = 'netbox_hedgehog/resource_edit.html'

    def get_extra_context(self, request: HttpRequest, instance: Resource) -> dict[str, Any]:
        """Tell the page where it learns what saving will change."""
        name = f'plugins:netbox_hedgehog:{instance._meta.model_name}_preview'
        # A form that was refused has filled the instance; only a stored one has an address.
        url = reverse(f'{name}_edit', args=[instance.pk]) if instance.pk else reverse(f'{name}_add')
        return {'preview_url': url}


class ResourcePreviewView(generic.ObjectEditView):
    """Answer what saving a form would do: the difference in Git, the problems, and the spec as either editor shows it.

    Nothing is saved. Who may not save the form may not ask either.
    """

    http_method_names = ['post']

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Check the form as saving would."""
        resource = self.get_object(**kwargs)
        form = self.form(data=request.POST, instance=resource)
        restrict_form_fields(form, request.user)
        is_valid = form.is_valid()
        difference = self._difference(form)
        return JsonResponse(
            {
                'is_valid': is_valid,
                'errors': _errors(form),
                'difference': asdict(difference) if difference else None,
                'problems': _problems(form),
                'fields': self._fields(form),
                **_yaml(form),
            }
        )

    def _fields(self, form: ResourceForm) -> str | None:
        """Return the fields as they are shown, if they are asked for: a page that only checks has them."""
        if 'with_fields' not in self.request.POST:
            return None
        return render_to_string('netbox_hedgehog/spec/fields.html', {'form': form}, self.request)

    def _difference(self, form: ResourceForm) -> Difference | None:
        """Return the difference; None as long as it is not known which resource this will be, or what it says."""
        resource = form.instance
        is_named = resource.fabric_id and resource.name and not {'fabric', 'namespace', 'name'} & form.errors.keys()
        if not is_named or not _may_see_git(resource, self.request.user):
            return None
        if resource.spec != form.entered_spec or form.has_unread_yaml:
            return None
        return difference_of(resource)


class SpecOffersView(ConditionalLoginRequiredMixin, View):
    """Answer what may be chosen for a field of a form, in one fabric."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the offers for a source, as far as the user may see them; or which permission that takes."""
        if not may(request.user, HedgehogFabric):
            return JsonResponse({'detail': permission_needed(HedgehogFabric)}, status=403)
        asked = {name: _asked(request, name) for name in ('source', 'of', 'typed', 'edited')}
        number = request.GET.get('fabric', '')
        fabrics = HedgehogFabric.objects.restrict(request.user, 'view')
        fabric = get_object_or_404(fabrics, pk=number if _NUMBER.fullmatch(number) else 0)
        try:
            found = offers(fabric, request.user, Wanted(**asked))
        except PermissionDenied as refused:
            return JsonResponse({'detail': str(refused)}, status=403)
        return JsonResponse({'offers': [asdict(offer) for offer in found]})


def _asked(request: HttpRequest, name: str) -> str:
    # PostgreSQL knows no null character; no name has one.
    return request.GET.get(name, '')[:_LONGEST].replace('\0', '')


def _may_see_git(resource: Resource, user: 'AbstractBaseUser') -> bool:
    """Tell whether a user may see what stands in Git of the resource that a form is about.

    The name that somebody gives a new resource may be that of one which is there already, here or only in Git.
    """
    rows = type(resource).objects.filter(fabric=resource.fabric_id, namespace=resource.namespace, name=resource.name)
    if rows.exists():
        return rows.restrict(user, 'view').exists()
    # Without a row no constraint can tell; a query that is not narrowed shows that there is none.
    is_unconstrained = not type(resource).objects.restrict(user, 'view').query.where
    return is_unconstrained or resource.sync_state is None


def _errors(form: ResourceForm) -> list[str]:
    """Return what is wrong outside of the spec's fields, each with the label of its field."""
    found = []
    for name, messages in form.errors.items():
        if name == 'spec':
            continue
        label = f'{form.fields[name].label}: ' if name in form.fields else ''
        found += [f'{label}{message}' for message in messages]
    return found + form.other_spec_errors


def _problems(form: ResourceForm) -> dict[str, list[dict[str, str]]]:
    """Return the problems by the id of what they stand at."""
    return {
        shown.html_id: [
            {
                'severity': problem.severity.value,
                'rule': problem.rule,
                'path': problem.path,
                'message': problem.message,
            }
            for problem in shown.problems
        ]
        for shown in form.shown_spec.walk()
        if shown.problems
    }


def _yaml(form: ResourceForm) -> dict[str, Any]:
    """Return the spec as YAML, or why it cannot be written without losing something of what was typed."""
    if form.has_unread_yaml:
        return {'yaml': None, 'yaml_error': ' '.join(form.other_spec_errors)}
    if form.faults:
        return {'yaml': None, 'yaml_error': ' '.join(map(str, form.faults))}
    try:
        return {'yaml': write_spec(form.kind, form.entered_spec), 'yaml_error': ''}
    except Unwritable as refused:
        return {'yaml': None, 'yaml_error': str(refused)}
