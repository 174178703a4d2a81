"""The fields and the rules of a kind, as the catalogue has them."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.generic import View
from utilities.views import ConditionalLoginRequiredMixin

from ..catalog import KINDS, Kind, Rule
from ..catalog.fields import FORMS
from ..catalog.rules import EVERY_KIND, rules_of
from ..tables.panels import FieldTable, RuleTable

__all__ = ('KindReferenceView', 'fields_of')


class KindReferenceView(ConditionalLoginRequiredMixin, View):
    """Show every field that a manifest of the kind may have, and the rules that it is judged by."""

    def get(self, request: HttpRequest, model_name: str) -> HttpResponse:
        """Render the reference of one kind."""
        kind = next((kind for kind in KINDS.values() if kind.model_name == model_name), None)
        if kind is None:
            raise Http404
        context = {
            'kind': kind,
            'table': FieldTable(list(fields_of(kind))),
            'rules': _rule_table(rules_of(kind)),
            'rules_of_every_kind': _rule_table(EVERY_KIND),
        }
        return render(request, 'netbox_hedgehog/kind_reference.html', context)


def _rule_table(rules: Iterable[Rule]) -> RuleTable:
    return RuleTable([{'rule': rule.id, 'severity': rule.severity, 'summary': rule.summary} for rule in rules])


def fields_of(kind: Kind) -> Iterator[dict[str, str]]:
    """Yield path, type, constraint and description of every field of a kind, in the order of a manifest."""
    schema = kind.spec.model_json_schema()
    yield from _fields(schema, schema.get('$defs', {}), 'spec')


def _fields(structure: dict[str, Any], definitions: dict[str, Any], path: str) -> Iterator[dict[str, str]]:
    required = structure.get('required', ())
    for name, field in structure.get('properties', {}).items():
        shape = _shape(field, definitions)
        yield {
            'path': f'{path}.{name}',
            'type': _type(shape, definitions),
            'constraint': ', '.join([*(('required',) if name in required else ()), *_constraints(shape)]),
            'description': field.get('description', ''),
        }
        yield from _below(shape, definitions, f'{path}.{name}')


def _below(shape: dict[str, Any], definitions: dict[str, Any], path: str) -> Iterator[dict[str, str]]:
    """Yield the fields inside of a value, through the lists and maps around it."""
    if 'properties' in shape:
        yield from _fields(shape, definitions, path)
    elif 'items' in shape:
        yield from _below(_shape(shape['items'], definitions), definitions, f'{path}[]')
    elif isinstance(shape.get('additionalProperties'), dict):
        yield from _below(_shape(shape['additionalProperties'], definitions), definitions, f'{path}.*')


def _shape(field: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    """Return what a field holds unless it is null."""
    for option in field.get('anyOf', ()):
        if option.get('type') != 'null':
            return _shape(option, definitions)
    if '$ref' in field:
        return _shape(definitions[field['$ref'].rpartition('/')[2]], definitions)
    return field


def _type(shape: dict[str, Any], definitions: dict[str, Any]) -> str:
    match shape.get('type'):
        case 'array':
            return f'list of {_type(_shape(shape["items"], definitions), definitions)}'
        case 'object' if isinstance(shape.get('additionalProperties'), dict):
            return f'map of {_type(_shape(shape["additionalProperties"], definitions), definitions)}'
        case 'object':
            return 'structure'
        case 'string':
            return 'text'
        case 'boolean':
            return 'true or false'
        case other:
            return str(other or 'text')


def _constraints(shape: dict[str, Any]) -> Iterator[str]:
    if 'enum' in shape:
        yield 'one of ' + ', '.join(repr(value) for value in shape['enum'])
    if 'minimum' in shape and 'maximum' in shape:
        yield f'{shape["minimum"]} to {shape["maximum"]}'
    if 'minItems' in shape:
        yield f'at least {shape["minItems"]}'
    if 'maxItems' in shape:
        yield f'at most {shape["maxItems"]}'
    if 'pattern' in shape:
        yield FORMS[shape['pattern']]
