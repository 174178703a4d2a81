"""The part of a resource's form that edits its spec: as fields or as YAML, two views of the same thing."""

import copy
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from netbox.forms import PrimaryModelForm

from ...catalog import JSON, JSONObject, Kind, Problem
from ...catalog.faults import Faults
from ...catalog.paths import parse
from ...catalog.support import what_fixes
from ..causes import leave_out_consequences, problem_of
from .binding import NAME, bind
from .drafts import Choice, Draft, blank, chosen_in, draft_of, draft_posted
from .fields import Variants, spec_fields
from .showing import show
from .shown import Shown

__all__ = ('FIELDS', 'YAML', 'SpecForm', 'TypedSpec')

# What `editor` says: which of the two is saved. Who posts a spec alone means YAML.
FIELDS, YAML = 'fields', 'yaml'


@dataclass(frozen=True, slots=True)
class TypedSpec:
    """A spec in the inputs of a form: what they were made from, what stands in them, and what that comes to."""

    kind: Kind
    base: JSONObject
    draft: Draft
    spec: dict[str, JSON]
    faults: tuple[Problem, ...] = ()

    @classmethod
    def new(cls, kind: Kind) -> 'TypedSpec':
        """Return the empty inputs of a new resource."""
        return cls(kind, {}, blank(spec_fields(kind)), {})

    @classmethod
    def of(cls, kind: Kind, spec: JSONObject) -> 'TypedSpec':
        """Return the inputs that show a spec."""
        return cls(kind, spec, draft_of(spec_fields(kind), dict(spec)), dict(spec))

    @classmethod
    def posted(cls, kind: Kind, data: Mapping[str, Any], stored: JSONObject) -> 'TypedSpec':
        """Read what was posted; the page tells what it was made from, and `stored` is taken where it does not."""
        base = _read_base(data.get('spec_base'), dict(stored))
        fields = spec_fields(kind)
        draft = draft_posted(fields, data, NAME, base)
        return cls(kind, base, draft, *bind(fields, draft, base))


class SpecForm(PrimaryModelForm):
    """A form whose `spec` comes from the fields of its kind, or from YAML, whichever was posted.

    Problems of the catalogue stand at their fields; all of them are errors of the field `spec`, too.
    """

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        instance = kwargs.get('instance')
        stored: JSONObject = copy.deepcopy(instance.spec) if instance and instance.spec else {}
        self.editor = FIELDS if data is None else str(data.get('editor') or YAML)
        # Whether the YAML that was posted means nothing that could be shown.
        self.has_unread_yaml = False
        self._typed: TypedSpec | None = None
        self._stored = stored
        self._entered: Any = stored
        if data is not None and self.editor == FIELDS:
            self._typed = TypedSpec.posted(self.kind, data, stored)
            # The rest of the form sees what it would see, had the same been written as YAML.
            data = data.copy()
            data['spec'] = self._typed.spec
        super().__init__(data, *args, **kwargs)

    @property
    def kind(self) -> Kind:
        """The kind of the resource."""
        return self._meta.model.kind

    def clean(self) -> None:
        """Remember what was entered: of what the model refuses, Django's forms keep nothing."""
        super().clean()
        self.has_unread_yaml = 'spec' not in self.cleaned_data
        self._entered = self.cleaned_data.get('spec', self._entered)

    def _update_errors(self, errors: ValidationError) -> None:
        """Leave out what the model says of a field that the form has refused: it never saw what was entered."""
        if hasattr(errors, 'error_dict'):
            for name in self.fields.keys() & self.errors.keys():
                errors.error_dict.pop(name, None)
            leave_out_consequences(errors.error_dict, Faults.of(self.faults))
        super()._update_errors(errors)

    def _post_clean(self) -> None:
        super()._post_clean()
        for fault in self.faults:
            self.add_error('spec', ValidationError('%(problem)s', params={'problem': fault}))

    @property
    def spec_base(self) -> str:
        """What the page's fields are made from; the page posts it, so that nothing is lost that has no input."""
        return json.dumps(self._shown_typed().base)

    @property
    def entered_spec(self) -> JSONObject:
        """The spec as it was entered, or as it is."""
        return self._shown_typed().spec

    @property
    def shown_spec(self) -> Shown:
        """The spec as fields, each problem at its field."""
        typed = self._shown_typed()
        problems = self._problems(typed)
        return show(spec_fields(self.kind), typed.draft, dict(typed.base), problems, fixed=self._fixed(typed))

    @property
    def faults(self) -> tuple[Problem, ...]:
        """What was typed that no spec can hold, such as a second row with the same name: YAML would not show it."""
        return self._typed.faults if self._typed else ()

    @property
    def other_spec_errors(self) -> list[str]:
        """The errors of the spec that belong to none of its fields."""
        if not self.is_bound:
            return []
        errors = self.errors.as_data().get('spec', ())
        return [message for error in errors if not problem_of(error) for message in error.messages]

    def _shown_typed(self) -> TypedSpec:
        if self._typed is not None:
            return self._typed
        if self.is_bound:
            # Reading the errors makes the form clean what was posted.
            return TypedSpec.of(self.kind, self._entered) if self.errors is not None else TypedSpec.new(self.kind)
        initial = self._initial_spec()
        return TypedSpec.of(self.kind, initial) if initial else TypedSpec.new(self.kind)

    def _fixed(self, typed: TypedSpec) -> str:
        """Say why the field that is chosen has to stay, if it does: another one would be refused."""
        node = spec_fields(self.kind)
        if not self.instance.pk or not isinstance(node, Variants) or not isinstance(typed.draft, Choice):
            return ''
        if typed.draft.name != chosen_in(node, dict(self._stored)):
            return ''
        names = [known.name for known in node.fields]
        rule = what_fixes(self.kind, self._stored, names, self.instance.fabric.settings)
        return f'{rule.summary} {_("For another one, delete this resource and add a new one.")}' if rule else ''

    def _initial_spec(self) -> JSONObject:
        """Return what the page starts with: the spec that is stored, or what a link carries."""
        field = self.fields['spec']
        try:
            return field.to_python(self.get_initial_for_field(field, 'spec'))
        except ValidationError:
            return {}

    def _problems(self, typed: TypedSpec) -> set[Problem]:
        found = set(self._reported())
        is_judged = self.instance.fabric_id and (self.instance.pk or self.is_bound)
        if is_judged and self.instance.spec == typed.spec:
            found |= {problem for problem in self.instance.problems() if problem.path.startswith(NAME)}
        # They stand at their rows already.
        rows = Faults.of(typed.faults)
        return {problem for problem in found - set(typed.faults) if not rows.explain(parse(problem.path))}

    def _reported(self) -> Iterator[Problem]:
        if self.is_bound:
            for error in self.errors.as_data().get('spec', ()):
                problem = problem_of(error)
                if problem:
                    yield problem


def _read_base(text: Any, stored: dict[str, JSON]) -> dict[str, JSON]:
    try:
        base = json.loads(text) if isinstance(text, str) and text else stored
    except (ValueError, RecursionError):
        return stored
    return base if isinstance(base, dict) else stored
