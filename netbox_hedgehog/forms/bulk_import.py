"""Forms that make objects from the rows of an import."""

import copy
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import ModelForm
from django.utils.translation import gettext_lazy as _
from netbox.choices import ImportFormatChoices
from netbox.forms import PrimaryModelImportForm
from utilities.forms.bulk_import import BulkImportForm
from utilities.forms.fields import CSVChoiceField, CSVModelChoiceField, SlugField

from ..catalog import DEFAULT_NAMESPACE, Problem, Severity, check_structure
from ..catalog.faults import NO_FAULTS, Faults
from ..catalog.paths import spell
from ..models import (
    RESOURCE_MODELS,
    SETTINGS,
    AuthorshipChoices,
    CredentialTypeChoices,
    FabricModeChoices,
    ForgeChoices,
    GitCredential,
    GitRepository,
    HedgehogFabric,
    ReleaseChoices,
    Resource,
    WriteMethodChoices,
)
from .causes import leave_out_consequences, problem_of
from .fabric_settings import FabricSettingsForm
from .fields import FabricCSVField
from .import_columns import ColumnField, column_fields, find_column, write_columns
from .manifests import read_records
from .model_forms import map_fields

__all__ = (
    'RESOURCE_IMPORT_FORMS',
    'GitCredentialImportForm',
    'GitRepositoryImportForm',
    'HedgehogFabricImportForm',
    'ManifestImportForm',
    'ResourceImportForm',
)

# The fields of a fabric that a row may leave out, and that are then filled in.
_DEFAULTED = (
    'mode',
    'commit_window_seconds',
    'write_method',
    'authorship',
    'deletion_limit',
    'deletion_percent',
    *SETTINGS,
)

# How a manifest begins, or a document with the fields of a form; a CSV header has no colon behind its first word.
_BEGINNING_OF_YAML = re.compile(r'\s*(#|---|- |["\']?\w+["\']?:(\s|$))')

# A word of a CSV header.
_HEADER = re.compile(r'[^,;|\t"]+')
# The columns whose second word names a field of another model, as in `fabric.id`.
_RELATED = re.compile(r'(fabric|owner|tags|cf_[^.]+)\.[^.]+')
# Stands for the dots of other columns while NetBox looks for such words.
_DOT = '\ue000'


class ManifestImportForm(BulkImportForm):
    """The page on which an import is pasted or uploaded; YAML is read as the cluster reads it."""

    _csv_headers: dict[str, str | None]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields['data'].help_text = _(
            'CSV, JSON or YAML, also manifests as they stand in Git. The fabric of a manifest is its annotation '
            '<code>hnp.githedgehog.com/fabric</code>, or a key <code>fabric</code> beside <code>kind</code>.'
        )

    def clean(self) -> None:
        """Tell where an uploaded file is not UTF-8."""
        try:
            super().clean()
        except UnicodeDecodeError as error:
            line = error.object.count(b'\n', 0, error.start) + 1
            text = _('Line {line}: this is not UTF-8; save the file in that encoding.')
            raise ValidationError({'upload_file': text.format(line=line)}) from error

    def _detect_format(self, data: str) -> str:
        if _BEGINNING_OF_YAML.match(data):
            return ImportFormatChoices.YAML
        return super()._detect_format(data)

    def _clean_csv(self, data: str, *args: Any, **kwargs: Any) -> list[Any]:
        """Leave the dots in the names of columns of the spec: `boot.serial` is no field of another model."""
        header, newline, rows = data.strip().partition('\n')
        records = super()._clean_csv(_HEADER.sub(_shield, header) + newline + rows, *args, **kwargs)
        self._csv_headers = {_unshield(name): field for name, field in self._csv_headers.items()}
        return [{_unshield(name): cell for name, cell in record.items()} for record in records]

    def _clean_json(self, data: str) -> list[Any]:
        try:
            return super()._clean_json(data)
        except RecursionError as error:
            raise ValidationError(
                {self.data_field: _('Too many values inside each other; make it flatter.')}
            ) from error

    def _clean_yaml(self, data: str) -> list[Any]:
        try:
            return read_records(data)
        except ValidationError as refused:
            raise ValidationError({self.data_field: refused.messages}) from refused


class GitCredentialImportForm(PrimaryModelImportForm):
    """Import Git credentials, without their secrets.

    The text of an import is shown again beside an error, and is handed to a background job: no place for a secret.
    """

    type = CSVChoiceField(
        choices=CredentialTypeChoices,
        help_text=_('The secret of a token or a GitHub App is not imported: edit the credential to enter it.'),
    )

    class Meta:
        model = GitCredential
        fields = (
            'name',
            'type',
            'host',
            'username',
            'app_id',
            'installation_id',
            'reference',
            'description',
            'owner',
            'comments',
            'tags',
        )


class GitRepositoryImportForm(PrimaryModelImportForm):
    """Import Git repositories."""

    default_branch = forms.CharField(required=False, help_text=_('Left blank: main.'))
    forge = CSVChoiceField(
        choices=ForgeChoices, required=False, help_text=GitRepository._meta.get_field('forge').help_text
    )
    credential = CSVModelChoiceField(
        queryset=GitCredential.objects.all(),
        to_field_name='name',
        required=False,
        help_text=_('Name of the Git credential'),
    )

    class Meta:
        model = GitRepository
        fields = ('name', 'url', 'default_branch', 'forge', 'credential', 'description', 'owner', 'comments', 'tags')

    def clean_default_branch(self) -> str:
        """Fill in what a row leaves out."""
        return self.cleaned_data['default_branch'] or GitRepository._meta.get_field('default_branch').default


class HedgehogFabricImportForm(FabricSettingsForm, PrimaryModelImportForm):
    """Import fabrics."""

    slug = SlugField()
    repository = CSVModelChoiceField(
        queryset=GitRepository.objects.all(), to_field_name='name', help_text=_('Name of the Git repository')
    )
    mode = CSVChoiceField(choices=FabricModeChoices, required=False, help_text=_('Left blank: active.'))
    commit_window_seconds = forms.IntegerField(required=False)
    write_method = CSVChoiceField(choices=WriteMethodChoices, required=False, help_text=_('Left blank: push.'))
    authorship = CSVChoiceField(choices=AuthorshipChoices, required=False, help_text=_('Left blank: author.'))
    deletion_limit = forms.IntegerField(required=False)
    deletion_percent = forms.IntegerField(required=False)
    release = CSVChoiceField(choices=ReleaseChoices, required=False, help_text=_('Left blank: 26.03.'))

    class Meta:
        model = HedgehogFabric
        fields = (
            'name',
            'slug',
            'repository',
            'branch',
            'directory',
            'mode',
            'commit_window_seconds',
            'write_method',
            'authorship',
            'reviewers',
            'deletion_limit',
            'deletion_percent',
            *SETTINGS,
            'description',
            'owner',
            'comments',
            'tags',
        )

    def clean(self) -> None:
        """Fill in what a row leaves out."""
        super().clean()
        for name in _DEFAULTED:
            if name in self.fields and self.data.get(self.add_prefix(name)) in (None, ''):
                self.cleaned_data[name] = HedgehogFabric._meta.get_field(name).get_default()


class ResourceImportForm(PrimaryModelImportForm):
    """Import resources of any kind: rows of CSV, or objects of JSON or YAML.

    Beside the spec as a map, each field of it that one cell can hold may have a column of its own.
    """

    fabric = FabricCSVField(label=_('Fabric'), help_text=_('Slug or name of the fabric'))
    namespace = forms.CharField(label=_('Namespace'), required=False, help_text=_('Left blank: default.'))

    class Meta:
        fields = (
            'fabric',
            'namespace',
            'name',
            'description',
            'labels',
            'annotations',
            'spec',
            'owner',
            'comments',
            'tags',
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Where the spec lacks what a column holds.
        self._gaps = NO_FAULTS
        kind = self._meta.model.kind
        if self.is_bound:
            columns = {name: find_column(kind, name) for name in self.data if name not in self.fields}
            self.fields |= {name: field for name, field in columns.items() if field}
        else:
            self.fields |= column_fields(kind, self.fields)

    def clean_namespace(self) -> str:
        """Fill in what a row leaves out."""
        return self.cleaned_data['namespace'] or DEFAULT_NAMESPACE

    def clean(self) -> None:
        """Put the columns of the spec together, on top of the spec that is given or was there."""
        # First of all: what is wrong elsewhere must not make it look as if the spec were empty.
        self._gaps = Faults.of(self._write_columns())
        super().clean()
        if 'fabric' in self.errors and not self.instance.fabric_id:
            # In no fabric the model judges nothing; what is wrong in any of them need not wait for the next try.
            self._check_structure()

    def _check_structure(self) -> None:
        spec = self.cleaned_data.get('spec') if 'spec' in self.fields else self.instance.spec
        found = check_structure(self._meta.model.kind, spec)
        errors = [
            ValidationError('%(problem)s', params={'problem': problem})
            for problem in found
            if problem.severity is Severity.ERROR
        ]
        if errors:
            self._update_errors(ValidationError({'spec': errors}))

    def _write_columns(self) -> list[Problem]:
        """Write the columns into the spec; return where it lacks what one of them holds."""
        cells = {
            name: (field.steps, self.cleaned_data[name])
            for name, field in self._columns.items()
            if name in self.cleaned_data
        }
        if not cells:
            return []
        given = self.cleaned_data.get('spec') if 'spec' in self.fields else self.instance.spec
        spec = copy.deepcopy(given or {})
        refused = write_columns(spec, cells)
        for name, messages in refused.items():
            self.add_error(name, messages)
        if 'spec' in self.fields:
            self.cleaned_data['spec'] = spec
        else:
            self.instance.spec = spec
        return [Problem(spell(('spec', *cells[name][0])), 'column', messages[0]) for name, messages in refused.items()]

    @property
    def _columns(self) -> dict[str, ColumnField]:
        return {name: field for name, field in self.fields.items() if isinstance(field, ColumnField)}

    def _update_errors(self, errors: ValidationError) -> None:
        """Tell a problem of the spec at the column that it comes from."""
        found = getattr(errors, 'error_dict', {})
        # The model never saw what the form has refused.
        for name in found.keys() & self.errors.keys():
            del found[name]
        leave_out_consequences(found, self._gaps)
        if 'spec' not in found:
            super()._update_errors(errors)
            return
        places = {spell(('spec', *field.steps)): name for name, field in self._columns.items()}
        sorted_out: dict[str, list[ValidationError]] = {name: list(each) for name, each in found.items()}
        for error in sorted_out.pop('spec'):
            problem = problem_of(error)
            column = places.get(problem.path) if problem else None
            if problem:
                # Without its code: Django has messages of its own for some.
                error = ValidationError(problem.message if column else str(problem))
            sorted_out.setdefault(column or 'spec', []).append(error)
        super()._update_errors(ValidationError(sorted_out))


def _shield(header: re.Match[str]) -> str:
    return header[0] if _RELATED.fullmatch(header[0].strip()) else header[0].replace('.', _DOT)


def _unshield(name: str) -> str:
    return name.replace(_DOT, '.')


def _form_for(model: type[Resource]) -> type[ModelForm]:
    fields = map_fields(model.kind)
    for field in fields.values():
        field.help_text = _('A map, written as JSON; in YAML and JSON imports the map itself.')
    fields['spec'].help_text = _(
        'A map, written as JSON; in YAML and JSON imports the map itself. Or a column for each of its fields, named by '
        'its path, with a name in place of &lt;key&gt; and a number from 0 in place of &lt;n&gt;. Where another column '
        'has the same name, begin with spec.'
    )
    return type(
        f'{model.__name__}ImportForm',
        (ResourceImportForm,),
        {
            '__module__': 'netbox_hedgehog.forms',
            '__doc__': f'Import resources of the kind {model.kind.name}.',
            'Meta': type('Meta', (ResourceImportForm.Meta,), {'model': model}),
            **fields,
        },
    )


RESOURCE_IMPORT_FORMS = {form.__name__: form for form in map(_form_for, RESOURCE_MODELS)}
