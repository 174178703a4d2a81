"""Contents and texts for property tests."""

from random import Random

from hypothesis import strategies as st

from netbox_hedgehog.catalog import JSON

from .handwriting import Hand

__all__ = ('edits', 'json_values', 'manifests', 'scalars', 'simple_values', 'texts')

# What YAML readers disagree about, and what a careless writer gets wrong.
TRICKY = [
    '', ' ', 'yes', 'y', 'No', 'on', 'null', '~', '=', '<<', '65000:50', '10:20:30:40:50:10', '12:30', '0o17', '08',
    '0888', '1e3', '12e03', '1_000', '.5', '+.5', '0x1F', '0x1FFFFFFFFFFFFFFFF', '1e400', '99999999999999999999',
    '2024-01-01', '2024-01-01T10:00:00Z', '.inf', '1.10', '-', '- a', '?', ': ', 'a: b', 'a #b', '#a', 'a:', '&a', '*a',
    '!a', '|', '>', '%a', '@a', '`a`', '---', '...', '{}', '[]', '"a"', "'a'", "it's", ' a', 'a ', 'a\tb', '\ta',
    'a\nb', 'a\nb\n', 'a\n\n', '\na', ' a\nb', 'a \nb', 'a\n b\n\nc\n', 'a\r\nb', 'a\x85b', 'a\u2028b', '\ufeffa',
    '\x07', '\x7f', '\ufffe', 'é', '漢字', '😀', '\xa0', 'a,b', '10.0.0.0/24', 'fe80::1', 'leaf-01/E1/1', 'a\\b',
    '/' * 200,
]  # fmt: skip

texts = st.sampled_from(TRICKY) | st.text(
    st.characters(exclude_categories=['Cs'], exclude_characters='\0'), max_size=12
)
numbers = st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
scalars = st.none() | st.booleans() | numbers | texts


def _nested(keys: st.SearchStrategy[str], leaves: st.SearchStrategy[JSON]) -> st.SearchStrategy[JSON]:
    return st.recursive(
        leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4), max_leaves=12
    )


json_values = _nested(texts, scalars)

# As people write them.
names = st.sampled_from(['name', 'spec', 'vlan', 'subnet', 'x-1', 'E1/1', 'a.b/c'])
simple_scalars = st.sampled_from(
    ['a', 'b', 'x y', '10.0.0.1', '65000:50', "it's", 1, 2, 1.5, True, None, 'a\nb', 'a\nb\n', 'a\n\n b\n\n']
)
simple_values = _nested(names, simple_scalars)
contents = st.dictionaries(names, simple_values, max_size=5).map(lambda rest: {'kind': 'Thing', **rest})


@st.composite
def manifests(draw) -> str:
    """Draw the text of a document as a person may have written it."""
    hand = Hand(Random(draw(st.integers(0, 2**32))))
    return hand.write(draw(contents))


@st.composite
def edits(draw, content: JSON, values: st.SearchStrategy[JSON] = simple_values) -> JSON:
    """Draw the same content with up to four changes anywhere in it."""
    for _ in range(draw(st.integers(1, 4))):
        content = draw(_edited(content, values))
    return content


@st.composite
def _edited(draw, value: JSON, values: st.SearchStrategy[JSON]) -> JSON:
    match value:
        case dict() if value and (draw(st.integers(0, 3)) or value.get('kind') == 'Thing'):
            key = draw(st.sampled_from(sorted(value)))
            change = draw(st.sampled_from(['inside', 'inside', 'remove', 'add']))
            if change == 'inside' and key != 'kind':
                return {**value, key: draw(_edited(value[key], values))}
            if change == 'remove' and key != 'kind':
                return {name: inner for name, inner in value.items() if name != key}
            return {**value, draw(names): draw(values)}
        case list() if value and draw(st.integers(0, 3)):
            at = draw(st.integers(0, len(value) - 1))
            change = draw(st.sampled_from(['inside', 'remove', 'add', 'swap']))
            if change == 'inside':
                return [*value[:at], draw(_edited(value[at], values)), *value[at + 1 :]]
            if change == 'remove':
                return [*value[:at], *value[at + 1 :]]
            if change == 'swap':
                return [*value[at:], *value[:at]]
            return [*value[:at], draw(values), *value[at:]]
        case _:
            return draw(values)
