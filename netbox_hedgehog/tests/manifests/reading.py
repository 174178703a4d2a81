"""What the tests of this room share: reading one text, and being refused."""

from textwrap import dedent

import pytest

from netbox_hedgehog.catalog import JSON
from netbox_hedgehog.manifests import Unreadable
from netbox_hedgehog.manifests.nodes import content
from netbox_hedgehog.manifests.reader import read

__all__ = ('meaning', 'refusal', 'yaml')


def meaning(text: str) -> JSON:
    """Return what Kubernetes reads in the text of one document."""
    return content(read(text).root)


def refusal(text: str, **options) -> Unreadable:
    """Return the error with which the text is refused."""
    with pytest.raises(Unreadable) as caught:
        read(text, **options)
    return caught.value


def yaml(text: str) -> str:
    """Return an indented text of a test without its margin."""
    return dedent(text).lstrip('\n')
