"""What a plain scalar means to Kubernetes.

The cluster reads YAML with go-yaml and hands it on as JSON. That is neither YAML 1.1 as PyYAML has it (`65000:50` is a
text, `y` is true, a date is a text) nor YAML 1.2 (`0777` is octal).
"""

import re
from decimal import Decimal
from math import inf, isfinite, nan

__all__ = ('INT64', 'Number', 'Scalar', 'is_wide_integer', 'normal', 'resolve')

type Number = int | float
type Scalar = bool | int | float | str | None

_WORDS: dict[str, Scalar] = {
    **dict.fromkeys(('y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'), True),
    **dict.fromkeys(('n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'), False),
    **dict.fromkeys(('', '~', 'null', 'Null', 'NULL')),
    **dict.fromkeys(('.nan', '.NaN', '.NAN'), nan),
    **dict.fromkeys(('.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'), inf),
    **dict.fromkeys(('-.inf', '-.Inf', '-.INF'), -inf),
}

_INTEGER = re.compile(
    r'(?P<sign>[-+]?)(?:0[xX](?P<hex>[0-9a-fA-F]+)|0[oO]?(?P<octal>[0-7]+)|0[bB](?P<binary>[01]+)'
    r'|(?P<decimal>0|[1-9][0-9]*))'
)
_BASES = {'hex': 16, 'octal': 8, 'binary': 2, 'decimal': 10}
# A quirk of go-yaml that sooner or later somebody's generator hits: the sign after the prefix.
_SIGNED_BINARY = re.compile(r'0b(?P<digits>[-+][01]+)')
_FLOAT = re.compile(r'[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?')
# A text that starts with a dot keeps its underscores: only those between two digits are ignored.
_FRACTION = re.compile(r'\.[0-9]+(?:_[0-9]+)*(?:[eE][-+]?[0-9]+(?:_[0-9]+)*)?')
_DIGITS = re.compile(r'[-+]?[0-9]+')
_MOST_DECIMAL_DIGITS = 20

INT64 = range(-(2**63), 2**63)
_UINT64 = range(2**64)


def normal(number: Number) -> Number:
    """Return the one form in which JSON carries a number: an integer wherever it is one and fits 64 bits.

    The shortest decimal decides, as it does in transport: 1152921504606846976.0 is written and read as
    1152921504606847000. An integer over 64 bits becomes the float that a cluster makes of it, and stays as it is only
    where no float is large enough.
    """
    if isinstance(number, int):
        return number if number in INT64 else _nearest_float(number)
    if not isfinite(number) or not number.is_integer():
        return number
    integer = int(Decimal(repr(number)))
    return integer if integer in INT64 else number


def resolve(text: str) -> Scalar:
    """Return what Kubernetes reads for a plain (unquoted) scalar; numbers come in their normal form.

    The infinities and NaN are returned as such: JSON has no place for them, so that a reader has to refuse them.
    """
    if text in _WORDS:
        return _WORDS[text]
    first = text[0]
    if first == '.':
        return _finite(text, or_else=text) if _FRACTION.fullmatch(text) else text
    if first in '0123456789+-':
        return _number(text)
    return text


def is_wide_integer(text: str, value: Scalar) -> bool:
    """Tell whether a plain text of digits was read as a float because it fits no integer of 64 bits."""
    return isinstance(value, float) and abs(value) >= 2**64 and _DIGITS.fullmatch(text.replace('_', '')) is not None


def _nearest_float(integer: int) -> Number:
    try:
        return float(integer)
    except OverflowError:
        return integer


def _number(text: str) -> Scalar:
    digits = text.replace('_', '')
    integer = _integer(digits)
    if integer is not None:
        return normal(integer)
    if _FLOAT.fullmatch(digits):
        return _finite(digits, or_else=text)
    return text


def _integer(digits: str) -> int | None:
    """Read an integer that fits 64 bits: with its sign, or without one for a number that has none."""
    if match := _SIGNED_BINARY.fullmatch(digits):
        integer = int(match['digits'], 2)
        return integer if integer in INT64 else None
    match = _INTEGER.fullmatch(digits)
    # Python refuses to convert thousands of decimal digits; twenty are the most that can fit.
    if match is None or len(match['decimal'] or '') > _MOST_DECIMAL_DIGITS:
        return None
    base = match.lastgroup or 'decimal'
    integer = int(match['sign'] + match[base], _BASES[base])
    return integer if integer in INT64 or (integer in _UINT64 and not match['sign']) else None


def _finite(digits: str, *, or_else: str) -> Number | str:
    """Read a float; a text that is beyond all of them stays a text."""
    number = float(digits)
    return normal(number) if isfinite(number) else or_else
