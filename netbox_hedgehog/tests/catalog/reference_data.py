"""The upstream CRDs, samples and verdicts, where they lie beside the checkout."""

import re
from pathlib import Path

import pytest
import yaml

REFERENCE = Path(__file__).resolve().parents[3].parent / 'shared' / 'reference'

needs_reference = pytest.mark.skipif(not REFERENCE.is_dir(), reason='the reference data is not beside the checkout')


class KubernetesLoader(getattr(yaml, 'CSafeLoader', yaml.SafeLoader)):
    """Reads plain scalars as Kubernetes does, so that a MAC address or a community stays a text."""

    yaml_implicit_resolvers = {}


for tag, pattern, first in (
    ('null', r'^(null|~|)$', ['n', '~', '']),
    ('bool', r'^(true|false)$', ['t', 'f']),
    ('int', r'^-?(0|[1-9][0-9]*)$', list('-0123456789')),
):
    KubernetesLoader.add_implicit_resolver(f'tag:yaml.org,2002:{tag}', re.compile(pattern), first)


def load_documents(path):
    return [document for document in yaml.load_all(path.read_text(), KubernetesLoader) if document]
