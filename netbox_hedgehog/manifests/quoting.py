"""Write scalars so that YAML 1.1, YAML 1.2 and Kubernetes all read the same value back."""

import json
import re
from typing import Any

from yaml import ScalarNode
from yaml.resolver import Resolver

from netbox_hedgehog.catalog import JSON

from . import scalars

__all__ = ('flow_text', 'is_literal', 'scalar_text')

_INDICATORS = frozenset('-?:,[]{}#&*!|>\'"%@`')
# Between digits a colon is a time or a number to the base of 60 for somebody.
_UNSAFE = re.compile(r': |\s#|:$|[0-9]:[0-9]|^\.\.\.')
_UNSAFE_IN_FLOW = re.compile(r'[,\[\]{}:?]')
# Numbers too large for 64 bits, or for a float, are a text to Kubernetes alone.
_NUMBER = re.compile(r'[-+]?(?:0[xXoObB][0-9a-fA-F_]+|(?:\.[0-9]|[0-9])[0-9_]*(?:\.[0-9_]*)?(?:[eE][-+]?[0-9_]+)?)')

# What YAML takes for a line break, or cannot hold, outside of an escape. The second leaves out line feed and tab.
_ONLY_ESCAPED = re.compile('[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]')
_NOT_IN_LITERAL = re.compile('[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]')
_BLANKS = (' ', '\t')

_STRING_TAG = 'tag:yaml.org,2002:str'
_yaml_1_1: Any = Resolver()


def scalar_text(value: scalars.Scalar, style: str = '', *, in_flow: bool = False) -> str:
    """Write a scalar on one line; a string in the wanted style (plain or a quote) as far as its text allows."""
    match value:
        case None:
            return 'null'
        case bool():
            return 'true' if value else 'false'
        case int() | float():
            return _number_text(value)
        case str() if style == "'" and not _ONLY_ESCAPED.search(value):
            return "'" + value.replace("'", "''") + "'"
        case str() if not style and _is_plain(value) and not (in_flow and _UNSAFE_IN_FLOW.search(value)):
            return value
        case _:
            return _double_quoted(value)


def flow_text(value: JSON, style: str) -> str:
    """Write a value on one line, in brackets where it has parts, with its strings in the wanted style."""
    match value:
        case dict():
            entries = (
                f'{scalar_text(key, style, in_flow=True)}: {flow_text(each, style)}' for key, each in value.items()
            )
            return '{' + ', '.join(entries) + '}'
        case list():
            return '[' + ', '.join(flow_text(each, style) for each in value) + ']'
        case scalar:
            return scalar_text(scalar, style, in_flow=True)


def is_literal(text: str) -> bool:
    """Tell whether a text can be shown line by line below `|`.

    One that ends in blank lines cannot: below `|+`, each blank line that follows in the file would belong to it.
    """
    body = text.removesuffix('\n')
    return (
        '\n' in text
        and not body.endswith('\n')
        and not _NOT_IN_LITERAL.search(body)
        and not body.startswith((*_BLANKS, '\n'))
        and all(not line.startswith('\t') and not line.endswith(_BLANKS) for line in body.split('\n'))
        and body != ''
    )


def _is_plain(text: str) -> bool:
    return (
        text != ''
        and text[0] not in _INDICATORS
        and not text[0].isspace()
        and not text[-1].isspace()
        and not _UNSAFE.search(text)
        and not _ONLY_ESCAPED.search(text)
        and isinstance(scalars.resolve(text), str)
        and _yaml_1_1.resolve(ScalarNode, text, (True, False)) == _STRING_TAG
        and not _NUMBER.fullmatch(text)
    )


def _double_quoted(text: str) -> str:
    quoted = json.dumps(text, ensure_ascii=False)
    return _ONLY_ESCAPED.sub(lambda found: f'\\u{ord(found[0]):04x}', quoted)


def _number_text(number: scalars.Number) -> str:
    """Write a number; a float with a dot, without which YAML 1.1 takes an exponent for a text."""
    text = repr(scalars.normal(number))
    mantissa, exponent, power = text.partition('e')
    return f'{mantissa}.0e{power}' if exponent and '.' not in mantissa else text
