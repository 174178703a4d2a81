"""What all fifteen kinds share: identity, labels, annotations and spec."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, ClassVar

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models, router, transaction
from django.db.models import OuterRef, ProtectedError, Subquery
from django.db.models.functions import JSONObject
from django.dispatch import Signal
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from netbox.models import PrimaryModel
from utilities.exceptions import AbortRequest
from utilities.querysets import RestrictedQuerySet

from ..catalog import (
    DEFAULT_NAMESPACE,
    KINDS,
    ChangeVerdict,
    Declaration,
    Design,
    Identity,
    Kind,
    Problem,
    judge_change,
    problems_of,
)
from ..catalog.kind import FILE_NAME_LIMIT
from ..catalog.metadata import too_long
from ..manifests import Unwritable, dump, same
from ..reconcile import Content, is_reserved_annotation, new_document, with_content
from .choices import ChangeActionChoices, SyncStatusChoices
from .design import design_of, rows_of
from .fabric import HedgehogFabric
from .state import SyncState
from .turns import take_turn

__all__ = ('Resource', 'ResourceQuerySet', 'resources_written')

# Sent by writes that bypass `save()`, inside their transaction; arguments: `keys` (a list of (fabric id, namespace,
# name)), `action` and `using`.
resources_written = Signal()

IDENTITY_FIELDS = frozenset({'fabric', 'fabric_id', 'namespace', 'name'})
CONTENT_FIELDS = frozenset({'labels', 'annotations', 'spec'})


class ResourceQuerySet(RestrictedQuerySet):
    """Adds the state of synchronisation to the rows, and reports the writes for which Django sends no signal."""

    def with_sync(self) -> 'ResourceQuerySet':
        """Annotate each row with what `Resource.sync` returns, in the same query."""
        state = SyncState.objects.filter(
            fabric=OuterRef('fabric'),
            kind=self.model.kind.name,
            namespace=OuterRef('namespace'),
            name=OuterRef('name'),
        )
        record = JSONObject(status='status', path='path', commit='commit', since='since')
        return self.annotate(
            sync_record=Subquery(state.values(record=record)[:1]),
            sync_status=Subquery(state.values('status')[:1]),
        )

    def update(self, **kwargs: Any) -> int:
        """Write without `save()`, and report it where the content changes."""
        _refuse_identity(kwargs)
        with transaction.atomic(using=self.db):
            keys = list(self.values_list('fabric_id', 'namespace', 'name')) if CONTENT_FIELDS & kwargs.keys() else []
            count = super().update(**kwargs)
            self._report(keys, ChangeActionChoices.UPDATE)
        return count

    def bulk_create(self, objs: Iterable['Resource'], *args: Any, **kwargs: Any) -> list['Resource']:
        """Create without `save()`, and report it."""
        with transaction.atomic(using=self.db):
            created = super().bulk_create(objs, *args, **kwargs)
            self._report([_key(obj) for obj in created], ChangeActionChoices.CREATE)
        return created

    def bulk_update(self, objs: Iterable['Resource'], fields: Iterable[str], *args: Any, **kwargs: Any) -> int:
        """Write without `save()`, and report it where the content changes."""
        objs, fields = list(objs), list(fields)
        _refuse_identity(fields)
        with transaction.atomic(using=self.db):
            count = super().bulk_update(objs, fields, *args, **kwargs)
            if CONTENT_FIELDS.intersection(fields):
                self._report([_key(obj) for obj in objs], ChangeActionChoices.UPDATE)
        return count

    def _report(self, keys: list[tuple[int, str, str]], action: str) -> None:
        if keys:
            resources_written.send(sender=self.model, keys=keys, action=action, using=self.db)


def _refuse_identity(fields: Iterable[str]) -> None:
    """Refuse to rename rows in bulk: for the fabric another name is another object."""
    fixed = IDENTITY_FIELDS.intersection(fields)
    if fixed:
        message = f'{", ".join(sorted(fixed))} cannot change once saved'
        raise ValueError(message)


def _key(obj: 'Resource') -> tuple[int, str, str]:
    return obj.fabric_id, obj.namespace, obj.name


class Resource(PrimaryModel):
    """One Hedgehog resource of one fabric.

    (fabric, namespace, name) never changes once saved: for the fabric another name is another object. `labels`,
    `annotations` and `spec` are what the manifest holds; everything else of this row stays in NetBox.
    """

    fabric = models.ForeignKey(to=HedgehogFabric, on_delete=models.CASCADE, related_name='+', verbose_name=_('fabric'))
    namespace = models.CharField(
        verbose_name=_('namespace'),
        max_length=63,
        default=DEFAULT_NAMESPACE,
        help_text=_('The fabric accepts only the namespace default.'),
    )
    name = models.CharField(verbose_name=_('name'), max_length=253)
    labels = models.JSONField(verbose_name=_('labels'), default=dict, blank=True)
    annotations = models.JSONField(verbose_name=_('annotations'), default=dict, blank=True)
    spec = models.JSONField(verbose_name=_('spec'), default=dict, blank=True)

    objects = ResourceQuerySet.as_manager()

    kind: ClassVar[Kind]
    # What this row was checked among; None where it was not, or has been saved since.
    _checked_among: Design | None = None
    clone_fields = ('fabric', 'labels', 'annotations', 'spec', 'description')

    class Meta:
        abstract = True
        ordering = ('fabric', 'namespace', 'name')
        constraints = (
            models.UniqueConstraint(
                fields=('fabric', 'namespace', 'name'),
                name='%(app_label)s_%(class)s_unique_identity',
                violation_error_message=_('This fabric already has a resource of this kind with this name.'),
            ),
        )

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.kind = KINDS[cls.__name__]

    def __str__(self) -> str:
        return self.name if self.namespace == DEFAULT_NAMESPACE else f'{self.namespace}/{self.name}'

    def get_absolute_url(self) -> str:
        """Return the address of the detail page."""
        return reverse(f'plugins:netbox_hedgehog:{self._meta.model_name}', args=[self.pk])

    @property
    def docs_url(self) -> str:
        """The kind's field reference, generated from the catalogue."""
        return reverse('plugins:netbox_hedgehog:kind_reference', args=[self._meta.model_name])

    @property
    def identity(self) -> Identity:
        """What names this resource within its fabric."""
        return Identity(self.kind.group, self.kind.name, self.namespace, self.name)

    @property
    def declaration(self) -> Declaration:
        """What this row declares, for the catalogue to judge."""
        return Declaration(self.kind, self.namespace, self.name, self.spec, self.labels, self.annotations)

    @property
    def content(self) -> Content:
        """The part of this row that the manifest holds."""
        return Content(labels=self.labels or {}, annotations=self.annotations or {}, spec=self.spec or {})

    @property
    def sync_state(self) -> SyncState | None:
        """The synchroniser's record of this resource, if it has one."""
        return SyncState.objects.filter(
            fabric=self.fabric_id, kind=self.kind.name, namespace=self.namespace, name=self.name
        ).first()

    @property
    def sync(self) -> Mapping[str, Any]:
        """How this resource stands to its manifest: status, path, commit and since when."""
        record = self.__dict__.get('sync_record')
        if 'sync_record' not in self.__dict__:
            state = self.sync_state
            if state:
                return {'status': state.status, 'path': state.path, 'commit': state.commit, 'since': state.since}
        return record or {'status': SyncStatusChoices.UNKNOWN, 'path': '', 'commit': '', 'since': None}

    def to_yaml(self, api_version: str | None = None) -> str:
        """Return the resource as a manifest in canonical form; NetBox's export offers it.

        `api_version` is the version in which it stands in Git, empty if it does not; it is looked up unless given.
        """
        if api_version is None:
            state = self.sync_state
            api_version = state.api_version if state else ''
        document = new_document(self.identity, api_version)
        return dump(with_content(document, self.content), self.kind)

    def problems(self) -> tuple[Problem, ...]:
        """Everything that the catalogue finds wrong with this resource, as it is here, in its fabric."""
        return problems_of(design_of(self.fabric).with_changes([self.declaration]), self.identity)

    def save(self, *args: Any, savepoint: bool = True, **kwargs: Any) -> None:
        """Write the row and its entry in the outbox, or neither.

        Raises `AbortRequest` if the row is gone, or if what others saved since it was checked makes it wrong.
        An update leaves alone the content that it does not change: between reading the row and saving it, a pass may
        have brought a newer one from Git. Who writes many rows in one transaction, and gives it up with any of them,
        needs no `savepoint` for each; NetBox queues a search job for every one.
        """
        if not self._state.adding and not kwargs.get('force_insert'):
            kwargs['force_update'] = True
            kwargs.setdefault('update_fields', self._fields_to_update())
        using = kwargs.get('using') or router.db_for_write(type(self), instance=self)
        try:
            with transaction.atomic(using=using, savepoint=savepoint):
                written = CONTENT_FIELDS.intersection(kwargs.get('update_fields') or CONTENT_FIELDS)
                if self._checked_among is not None and written:
                    self.check_in_turn(written, using)
                self._checked_among = None
                super().save(*args, **kwargs)
        except self.NotUpdated as error:
            message = _('This resource was deleted in the meantime; reload, and add it again if it is still wanted.')
            raise AbortRequest(message) from error

    def check_in_turn(self, written: Collection[str], using: str) -> None:
        """Let nobody else save in the fabric until the transaction ends, and look at what they saved until now.

        Raises `AbortRequest` if the fields that are to be written are wrong among that, though they may have passed
        the check before.
        """
        take_turn(self.fabric_id, using)
        now = design_of(self.fabric)
        if now is self._checked_among:
            return
        stored = now.entry(self.identity)
        declared = self.declaration
        if stored:
            # What this save leaves alone may be another one by now.
            declared = replace(stored.declaration, **{field: getattr(self, field) for field in written})
        verdict = self._judge(declared, now)
        refused = [message for _field, error in self._errors_of(verdict) for message in error.messages]
        if refused:
            message = _('This clashes with what was saved a moment ago: {problems}')
            raise AbortRequest(message.format(problems=' '.join(refused)))

    def _fields_to_update(self) -> list[str]:
        before = getattr(self, '_prechange_snapshot', None) or {}
        unchanged = {name for name in CONTENT_FIELDS if name in before and same(before[name], getattr(self, name))}
        return [
            field.name for field in self._meta.concrete_fields if not field.primary_key and field.name not in unchanged
        ]

    def clean(self) -> None:
        """Refuse a changed identity, and the problems that this edit introduces.

        What was wrong before (a field that came from Git, say) is kept, and never blocks mending something else.
        """
        super().clean()
        before = type(self).objects.filter(pk=self.pk).first() if self.pk else None
        if before:
            self._check_identity(before)
        errors: dict[str, list[Any]] = self._reserved_annotations(before)
        if self.fabric_id:
            for field, error in self._errors_of(self.judge_save()):
                errors.setdefault(field, []).append(error)
        if errors:
            raise ValidationError(errors)
        if len(self.name) > FILE_NAME_LIMIT:
            # Kubernetes takes three characters more; no file could have such a name.
            raise ValidationError({'name': too_long(self.kind, len(self.name))})
        try:
            self.to_yaml(api_version='')
        except Unwritable as refused:
            raise ValidationError({_field_of(refused.path): str(refused)}) from refused

    def delete(self, *args: Any, is_gone_in_git: bool = False, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete the row; raises `ProtectedError` while other resources of the fabric refer to it.

        The fabric's admission code does the same, though not for every reference. While a design is under way, and
        for what Git does not have any more, nothing is refused.
        """
        if is_gone_in_git or self.fabric.is_draft:
            return super().delete(*args, **kwargs)
        using = kwargs.get('using') or router.db_for_write(type(self), instance=self)
        with transaction.atomic(using=using):
            take_turn(self.fabric_id, using)
            self._refuse_if_referred_to()
            return super().delete(*args, **kwargs)

    def _refuse_if_referred_to(self) -> None:
        referrers = design_of(self.fabric).referrers(self.identity)
        if referrers:
            message = _('{resource} cannot be deleted: {referrers} refer to it. Delete them, or let them name another.')
            names = ', '.join(map(str, referrers))
            raise ProtectedError(
                message.format(resource=self.identity, referrers=names), set(rows_of(self.fabric, referrers))
            )

    def judge_save(self) -> ChangeVerdict:
        """Return what saving this row as it is now would break: in itself, and elsewhere in its fabric."""
        self._checked_among = design_of(self.fabric)
        return self._judge(self.declaration, self._checked_among)

    def _judge(self, declared: Declaration, before: Design) -> ChangeVerdict:
        if self._state.adding and self.identity in before:
            # Another row has this identity: to say so is enough, and what this one would break is no matter.
            return ChangeVerdict({}, {})
        return judge_change(before, before.with_changes([declared]), [self.identity])

    def _errors_of(self, verdict: ChangeVerdict) -> Iterator[tuple[str, ValidationError]]:
        """Yield what a save breaks, with the form field that it belongs to; `params` of each error has the problem.

        The errors have no code: by one of Django's own, such as `required`, a form would put its own words instead.
        """
        for identity, problems in verdict.introduced.items():
            for problem in problems:
                params = {'problem': problem, 'message': problem.message, 'resource': str(identity)}
                if identity == self.identity:
                    field = _field_of(problem.path)
                    # Where a field is all that the path names, the path says it twice.
                    text = '%(message)s' if problem.path == f'metadata.{field}' else '%(problem)s'
                    yield field, ValidationError(text, params=params)
                else:
                    message = _('%(resource)s would become invalid: %(problem)s')
                    yield NON_FIELD_ERRORS, ValidationError(message, params=params)

    def _reserved_annotations(self, before: 'Resource | None') -> dict[str, list[str]]:
        known = before.annotations if before else {}
        added = [key for key in self.annotations or {} if is_reserved_annotation(key) and key not in known]
        message = _('{key} is written by the fabric or by this plugin; leave it out.')
        return {'annotations': [message.format(key=key) for key in added]} if added else {}

    def _check_identity(self, before: 'Resource') -> None:
        for field in ('fabric_id', 'namespace', 'name'):
            if getattr(self, field) != getattr(before, field):
                message = _(
                    'This cannot change once saved: the fabric would see one resource deleted and another created. '
                    'Add a new one and delete this one.'
                )
                raise ValidationError({field.removesuffix('_id'): message})


def _field_of(path: str) -> str:
    """Return the form field that a path in the manifest belongs to."""
    path = path.removeprefix('metadata.')
    for field in ('namespace', 'labels', 'annotations', 'spec'):
        if path == field or path.startswith((f'{field}.', f'{field}[')):
            return field
    return 'name'
