"""Manifests of wiring for the cases: small fabrics that keep every rule, changed in one place."""

import json

from netbox_hedgehog.catalog import KINDS

__all__ = ('BASE', 'connection', 'leaf', 'manifest', 'spine')


def manifest(kind_name, name, spec):
    """Write a manifest; JSON is YAML, too."""
    api_version = KINDS[kind_name].api_version
    return f'apiVersion: {api_version}\nkind: {kind_name}\nmetadata: {{name: {name}}}\nspec: {json.dumps(spec)}\n---\n'


def leaf(number=1, **changes):
    """Write a leaf; a change to None leaves a field out."""
    spec = {
        'role': 'server-leaf',
        'profile': 'celestica-ds3000',
        'asn': 65100 + number,
        'ip': f'172.30.0.{10 + number}/21',
        'protocolIP': f'172.30.8.{10 + number}/32',
        'vtepIP': f'172.30.12.{10 + number}/32',
    }
    return manifest('Switch', f'leaf-{number}', _changed(spec, changes))


def spine(**changes):
    """Write a spine; a change to None leaves a field out."""
    spec = {
        'role': 'spine',
        'profile': 'celestica-ds3000',
        'asn': 65100,
        'ip': '172.30.0.10/21',
        'protocolIP': '172.30.8.10/32',
    }
    return manifest('Switch', 'spine-1', _changed(spec, changes))


def connection(name='c-1', **spec):
    """Write a connection."""
    return manifest('Connection', name, spec)


def _changed(spec, changes):
    return {field: value for field, value in {**spec, **changes}.items() if value is not None}


BASE = (
    manifest('VLANNamespace', 'default', {'ranges': [{'from': 1000, 'to': 2999}]})
    + manifest('SwitchGroup', 'pair-1', {})
    + manifest('SwitchGroup', 'pair-2', {})
)
