"""A plain scalar means what it means to Kubernetes, whose answers are recorded here (1.32)."""

import json
from decimal import Decimal
from math import isinf, isnan

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from netbox_hedgehog.manifests import ReasonCode, same
from netbox_hedgehog.manifests.scalars import normal, resolve

from .reading import meaning, refusal

STRINGS = [
    '65000:50', '10:20:30:40:50:10', '02:00:00:00:00:01', 'fe80::1', '::1', '10:11:22', '12:30', '1:30', '1:2:3.5',
    'yEs', 'nULL', 'tRUE', 'oN', '2024-01-01', '2024-01-01T10:00:00Z', '2024-01-01 10:00:00', '_1', '1e400', '1e309',
    '.5e400', '0x1FFFFFFFFFFFFFFFF', '=', '1,000', '1k', '10Gi', '10.0.0.0/24', '1.2.3', '0x', '0o', '0b', '0b2', '0o8',
    '0xg', '+', '-', '.', '1e', '1e+', '.e5', '._5', '.5_', '._', '..5', '+-5', '--5', '-0b-1', '0b--1', 'Infinity',
    'nan', 'NaN', 'inf', '1_e', '0x1p3', '.5p3', '<', 'YeS', 'TruE', '1.5.', '1e5.5', '٣', '１',  # noqa: RUF001
]  # fmt: skip

VALUES = {
    'y': True, 'Y': True, 'n': False, 'N': False, 'yes': True, 'Yes': True, 'YES': True, 'no': False, 'on': True,
    'On': True, 'ON': True, 'off': False, 'OFF': False, 'true': True, 'True': True, 'TRUE': True, 'false': False,
    '~': None, 'null': None, 'Null': None, 'NULL': None, '': None,
    '1e3': 1000, '1E3': 1000, '12e03': 12000, '1e+3': 1000, '1.0e3': 1000,
    '0777': 511, '0o17': 15, '0O17': 15, '08': 8, '09': 9, '0888': 888, '-08': -8,
    '0x1F': 31, '0X1F': 31, '-0x1F': -31, '+0x1F': 31, '0b11': 3, '0B11': 3, '-0b11': -3, '0b-1': -1, '0b+1': 1,
    '1_000': 1000, '1_': 1, '1__0': 10, '0_7': 7, '0x_1F': 31,
    '1_000.5': 1000.5, '1_0e2': 1000, '1e3_': 1000, '.5_5': 0.55, '.1_0e1_0': 1000000000,
    '1.10': 1.1, '1.': 1, '.5': 0.5, '+.5': 0.5, '-.5': -0.5, '1.0': 1, '100.0': 100, '0.1e1': 1, '-0.0': 0,
    '+5': 5, '00': 0, '-0': 0, '0': 0, '-1': -1, '1e-400': 0,
    '9223372036854775807': 2**63 - 1, '-9223372036854775808': -(2**63), '0x7FFFFFFFFFFFFFFF': 2**63 - 1,
    '18446744073709551615': 18446744073709552000, '0xFFFFFFFFFFFFFFFF': 18446744073709552000,
    '99999999999999999999999999': 1e26, '1152921504606846976.0': 1152921504606847000,
}  # fmt: skip


@pytest.mark.parametrize('text', STRINGS)
def test_a_string_stays_as_it_is_written(text):
    assert resolve(text) == text
    assert isinstance(resolve(text), str)


@pytest.mark.parametrize(('text', 'value'), VALUES.items(), ids=lambda value: repr(value))
def test_a_value_is_the_one_that_the_cluster_reads(text, value):
    assert same(resolve(text), value)


@pytest.mark.parametrize('text', ['.inf', '.Inf', '+.INF', '-.INF', '.nan', '.NaN', '.NAN'])
def test_what_is_no_number_in_json_is_refused(text):
    assert isinf(resolve(text)) or isnan(resolve(text))
    assert refusal(f'a: {text}').code is ReasonCode.SYNTAX_ERROR
    assert meaning(f'a: "{text}"') == {'a': text}


@pytest.mark.parametrize('text', ['99999999999999999999999999', '-99999999999999999999', '+18446744073709551616'])
def test_an_integer_that_would_lose_its_digits_is_refused(text):
    error = refusal(f'asn: {text}\n')
    assert (error.code, error.line, error.column) == (ReasonCode.SYNTAX_ERROR, 1, 6)
    assert 'quotes' in error.message


@pytest.mark.parametrize('text', ['"y"', "'y'", '|-\n  y', '>-\n  y', '!!str y', '"1e3"', "'~'"])
def test_only_a_plain_scalar_is_looked_at(text):
    assert isinstance(meaning(f'a: {text}')['a'], str)


@pytest.mark.parametrize('text', ['9' * 5000, '0x' + 'f' * 5000, '0b' + '1' * 5000, '1e' + '9' * 5000, '0' * 5000])
def test_thousands_of_digits_are_no_trouble(text):
    resolve(text)


@settings(max_examples=60, deadline=None)
@given(st.text('0123456789_.eE+-xXoObBaf:', max_size=8))
@example('0b+_1')
@example('-.5')
def test_numbers_are_finite_and_in_their_normal_form(text):
    value = resolve(text)
    if isinstance(value, float):
        assert not value.is_integer() or abs(value) >= 2**63
        assert same(json.loads(json.dumps(value)), value)
    assert value is None or isinstance(value, str | int | float)


@settings(max_examples=60, deadline=None)
@given(st.integers() | st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_has_one_normal_form(number):
    assert normal(normal(number)) == normal(number)
    assert same(number, normal(number))


@settings(max_examples=60, deadline=None)
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_survives_a_database_that_writes_out_its_digits(number):
    stored = json.loads(format(Decimal(repr(number)), 'f'))
    assert same(stored, number)
