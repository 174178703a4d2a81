"""Importing resources: CSV and JSON as everywhere in NetBox, and YAML, also manifests, as the cluster reads it."""

import logging
from typing import Any

from core.exceptions import JobFailed
from core.signals import clear_events
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import router, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from netbox.choices import ImportMethodChoices
from netbox.views import generic
from utilities.exceptions import AbortRequest, PermissionsViolation
from utilities.jobs import is_background_request, process_request_as_job
from utilities.views import get_action_url

from ..forms import ManifestImportForm
from ..forms.manifests import flatten
from ..models import Resource

__all__ = ('ManifestImportView',)

logger = logging.getLogger('netbox.plugins.netbox_hedgehog.views')


class ManifestImportView(generic.BulkImportView):
    """Import resources of one kind.

    `post` repeats that of NetBox's view, which names the class of its form: it would read YAML with PyYAML's loader, to
    which the community 65000:50 is a number, and to which a nest of brackets is a stack overflow.
    """

    def get_extra_context(self, request: HttpRequest) -> dict[str, Any]:
        """Show the form of ours also before anything is sent."""
        return {'form': ManifestImportForm()} if request.method == 'GET' else {}

    def create_and_update_objects(self, form: ManifestImportForm, request: HttpRequest) -> list[Resource]:
        """Take manifests apart first."""
        kind = self.queryset.model.kind
        records = form.cleaned_data['data']
        form.cleaned_data['data'] = [flatten(kind, record, number) for number, record in enumerate(records, start=1)]
        return super().create_and_update_objects(form, request)

    def post(self, request: HttpRequest) -> HttpResponse | None:
        """Import all records, or none of them."""
        form = ManifestImportForm(request.POST, request.FILES)
        if form.is_valid():
            if form.cleaned_data['background_job'] and self._defer(form, request):
                return redirect(self._list_url)
            try:
                with transaction.atomic(using=router.db_for_write(self.queryset.model)):
                    count = len(self.create_and_update_objects(form, request))
            except (AbortRequest, PermissionsViolation, ValidationError) as error:
                self._refuse(form, request, error)
            else:
                return self._report(request, count)
        context = {
            'model': self.queryset.model,
            'form': form,
            'fields': self._get_form_fields(),
            'import_method': form.cleaned_data.get('import_method') or ImportMethodChoices.DIRECT,
            'return_url': self.get_return_url(request),
            **self.get_extra_context(request),
        }
        return render(request, self.template_name, context)

    @property
    def _list_url(self) -> str:
        return get_action_url(self.queryset.model, action='list')

    def _defer(self, form: ManifestImportForm, request: HttpRequest) -> Any:
        name = _('Bulk import {count} {object_type}').format(
            count=len(form.cleaned_data['data']), object_type=self.queryset.model._meta.verbose_name_plural
        )
        return process_request_as_job(type(self), request, name=name)

    def _refuse(self, form: ManifestImportForm, request: HttpRequest, error: Any) -> None:
        """Show why nothing was imported; in the background, fail the job with it."""
        texts = error.messages if isinstance(error, ValidationError) else [error.message]
        for text in texts:
            form.add_error(None, text)
            if is_background_request(request):
                request.job.logger.error(text)
        clear_events.send(sender=self)
        if is_background_request(request):
            raise JobFailed from error

    def _report(self, request: HttpRequest, count: int) -> HttpResponse | None:
        text = _('Imported {count} {object_type}').format(
            count=count, object_type=self.queryset.model._meta.verbose_name_plural
        )
        logger.info(text)
        if is_background_request(request):
            request.job.logger.info(text)
            return None
        messages.success(request, text)
        return redirect(f'{self._list_url}?modified_by_request={request.id}')
