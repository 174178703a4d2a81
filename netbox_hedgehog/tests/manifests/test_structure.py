"""A document that readers understand differently is refused, with the place and what to do."""

import pytest

from netbox_hedgehog.manifests import ReasonCode
from netbox_hedgehog.manifests.reader import read

from .reading import meaning, refusal, yaml

REFUSED = {
    'duplicate key': ('a: 1\nb: 2\na: 3\n', ReasonCode.DUPLICATE_KEY, 3, 1),
    'duplicate key deep inside': ('a:\n  - b: {c: 1, c: 2}\n', ReasonCode.DUPLICATE_KEY, 2, 15),
    'number and text as the same key': ('"1": a\n1: b\n', ReasonCode.DUPLICATE_KEY, 2, 1),
    'two words for true as the same key': ('y: a\nyes: b\n', ReasonCode.DUPLICATE_KEY, 2, 1),
    'word and text as the same key': ('"true": a\nyes: b\n', ReasonCode.DUPLICATE_KEY, 2, 1),
    'boolean key': ('a: 1\non: b\n', ReasonCode.SYNTAX_ERROR, 2, 1),
    'number as key': ('a:\n  0x10: b\n', ReasonCode.SYNTAX_ERROR, 2, 3),
    'null key': ('~: b\n', ReasonCode.SYNTAX_ERROR, 1, 1),
    'missing key': (': b\n', ReasonCode.SYNTAX_ERROR, 1, 1),
    'list as key': ('? [a]\n: b\n', ReasonCode.SYNTAX_ERROR, 1, 3),
    'map as key': ('{a: 1}: b\n', ReasonCode.SYNTAX_ERROR, 1, 1),
    'custom tag': ('a: !foo b\n', ReasonCode.CUSTOM_TAG, 1, 4),
    'python tag': ('a: !!python/object/apply:os.system [ls]\n', ReasonCode.CUSTOM_TAG, 1, 4),
    'tag without name': ('a: ! b\n', ReasonCode.CUSTOM_TAG, 1, 4),
    'binary': ('a: !!binary aGk=\n', ReasonCode.CUSTOM_TAG, 1, 4),
    'set': ('a: !!set {b, c}\n', ReasonCode.CUSTOM_TAG, 1, 4),
    'tagged integer': ('a: !!int "1"\n', ReasonCode.CUSTOM_TAG, 1, 4),
    'string tag on a map': ('a: !!str {}\n', ReasonCode.CUSTOM_TAG, 1, 4),
    'value that holds itself': ('a: &x [1, *x]\n', ReasonCode.ALIAS_EXPANSION, 1, 11),
    'unknown alias': ('a: *x\n', ReasonCode.SYNTAX_ERROR, 1, 4),
    'anchor set twice': ('a: &x 1\nb: &x 2\n', ReasonCode.SYNTAX_ERROR, 2, 4),
    'merge of a text': ('a: &x b\nc:\n  <<: *x\n', ReasonCode.SYNTAX_ERROR, 3, 3),
    'merge below a key that it sets': ('a: &x {b: 1}\nc:\n  b: 2\n  <<: *x\n', ReasonCode.DUPLICATE_KEY, 4, 3),
    'two merges': ('a: &x {b: 1}\nc:\n  <<: *x\n  <<: *x\n', ReasonCode.DUPLICATE_KEY, 4, 3),
    'escaped NUL': ('a: "b\\0c"\n', ReasonCode.CONTROL_CHARACTER, 1, 4),
    'escaped NUL in a key': ('"b\\0c": 1\n', ReasonCode.CONTROL_CHARACTER, 1, 1),
    'NUL': ('a: b\0c\n', ReasonCode.CONTROL_CHARACTER, 1, 5),
    'escaped lone surrogate': ('a: "\\ud800"\n', ReasonCode.SYNTAX_ERROR, 1, 7),
    'DEL': ('a: 1\nb: x\x7fy\n', ReasonCode.CONTROL_CHARACTER, 2, 5),
    'escape character': ('a: \x1b[1m\n', ReasonCode.CONTROL_CHARACTER, 1, 4),
    'second order mark': ('\ufeff' * 2 + 'a: 1\n', ReasonCode.CONTROL_CHARACTER, 1, 1),
    'duplicate key with a line break': ('"a\\n": 1\n"a\\n": 2\n', ReasonCode.DUPLICATE_KEY, 2, 1),
    'U+FFFE': ('a: \ufffe\n', ReasonCode.CONTROL_CHARACTER, 1, 4),
    'undecoded byte': ('# ok\na: caf\udce9\n', ReasonCode.NOT_UTF8, 2, 7),
    'tab as indent': ('a:\n\tb: 1\n', ReasonCode.SYNTAX_ERROR, 2, 1),
    'two colons': ('a: b: c\n', ReasonCode.SYNTAX_ERROR, 1, 5),
    'line that is no key': ('a: 1\nb\nc: 2\n', ReasonCode.SYNTAX_ERROR, 2, 1),
    'open quote': ('a: 1\nb: "x\nc: 2\n', ReasonCode.SYNTAX_ERROR, 2, 4),
    'open bracket': ('a: [1, 2\nb: 3\n', ReasonCode.SYNTAX_ERROR, 2, 2),
    'wrong indent': ('a:\n  b: 1\n c: 2\n', ReasonCode.SYNTAX_ERROR, 3, 2),
    'backquote': ('a: `b`\n', ReasonCode.SYNTAX_ERROR, 1, 4),
    'bad escape': ('a: "\\q"\n', ReasonCode.SYNTAX_ERROR, 1, 5),
    'directive': ('# head\n%YAML 1.1\n', ReasonCode.SYNTAX_ERROR, 2, 1),
    'content after the end mark': ('a: 1\n...\nb: 2\n', ReasonCode.SYNTAX_ERROR, 3, 1),
    'document after the end mark': ('a: 1\n...\n---\nb: 2\n', ReasonCode.SYNTAX_ERROR, 3, 1),
    'content on the separator line': ('--- {a: 1}\n', ReasonCode.SYNTAX_ERROR, 1, 1),
    'four dashes': ('a: 1\n----\n', ReasonCode.SYNTAX_ERROR, 2, 1),
    'nothing': ('', ReasonCode.NOT_AN_OBJECT, 1, 1),
}


@pytest.mark.parametrize(('text', 'code', 'line', 'column'), REFUSED.values(), ids=REFUSED.keys())
@pytest.mark.parametrize('mark', ['', '\ufeff'], ids=['', 'BOM'])
def test_refused_with_its_place(text, code, line, column, mark):
    error = refusal(mark + text)
    assert (error.code, error.line, error.column) == (code, line, column)
    assert error.message.endswith('.')


def test_the_line_is_that_of_the_file():
    with pytest.raises(Exception, match='The key a stands in line 41 too; remove one of them') as caught:
        read('\na: 1\na: 2\n', first_line=40)
    assert caught.value.line == 42


ADVICE = {
    'a:\n\tb: 1\n': 'Indent with blanks: a tab is not allowed here.',
    'a: b: c\n': 'Put the text in quotes if it holds a colon and a blank',
    'a: @b\n': 'Put the text in quotes: none may start with this character.',
    'a: [1, 2\nb: 3\n': 'Put a comma between the items, and close the bracket.',
    'a: "b\n': 'Close the quote that opens here.',
    'on: 1\n': 'Put the key in quotes: a cluster reads true, another reader something else.',
    'a: 1\n...\nb: 2\n': 'Write --- before this line: a cluster drops what follows',
    'a: !foo 1\n': 'Remove the tag !foo',
}


@pytest.mark.parametrize(('text', 'advice'), ADVICE.items())
def test_the_message_tells_what_to_do(text, advice):
    assert advice in refusal(text).message


ACCEPTED = {
    'alias': ('a: &x {b: 1}\nc: *x\n', {'a': {'b': 1}, 'c': {'b': 1}}),
    'merge key': ('a: &x {b: 1, c: 2}\nd:\n  <<: *x\n  c: 3\n', {'a': {'b': 1, 'c': 2}, 'd': {'b': 1, 'c': 3}}),
    'merge key below another': ('a: &x {b: 1}\nd:\n  c: 3\n  <<: *x\n', {'a': {'b': 1}, 'd': {'c': 3, 'b': 1}}),
    'merge of several, the first wins': ('d:\n  <<: [{a: 1}, {a: 2, b: 2}]\n', {'d': {'a': 1, 'b': 2}}),
    'merge key in quotes': ('"<<": {a: 1}\n', {'<<': {'a': 1}}),
    'merge sign as a value': ('a: <<\n', {'a': '<<'}),
    'string tag': ('a: !!str 1\n', {'a': '1'}),
    'tab after the colon': ('a:\tb\n', {'a': 'b'}),
    'other line ends': ('a: 1\x85b: 2\u2028c: 3\u2029d: 4\re: 5\r\n', {'a': 1, 'b': 2, 'c': 3, 'd': 4, 'e': 5}),
    'JSON': ('{"a": [1, 2.0, null, true, "\\u00e9"],\n "b": {}}', {'a': [1, 2, None, True, 'é'], 'b': {}}),
    'explicit key': ('? a\n: b\n', {'a': 'b'}),
    'key that is a date': ('2024-01-01: a\n', {'2024-01-01': 'a'}),
    'end mark': ('a: 1\n... # end\n# over\n', {'a': 1}),
    'separator line at the beginning': ('--- # here\na: 1\n', {'a': 1}),
    'no-break space and emoji': ('a: "\xa0😀"\n', {'a': '\xa0😀'}),
    'block text': ('a: |\n  x\n\n   y\n\nb: >-\n  x\n  y\n', {'a': 'x\n\n y\n', 'b': 'x y'}),
    'empty values': ('a:\nb: [{c: }]\nd:\n-\n', {'a': None, 'b': [{'c': None}], 'd': [None]}),
}  # fmt: skip


@pytest.mark.parametrize(('text', 'value'), ACCEPTED.values(), ids=ACCEPTED.keys())
@pytest.mark.parametrize('mark', ['', '\ufeff'], ids=['', 'BOM'])
def test_accepted_with_its_meaning(text, value, mark):
    assert meaning(mark + text) == value


def test_what_an_alias_repeats_is_not_shared():
    content = meaning('a: &x {b: [1]}\nc: *x\n')
    content['a']['b'].append(2)
    assert content['c'] == {'b': [1]}


def test_a_manifest_is_read_whole():
    text = yaml("""
        # a comment
        apiVersion: vpc.githedgehog.com/v1beta1
        kind: External
        metadata:
          name: ext-1  # another
        spec:
          inboundCommunity: 65000:50
          outboundCommunity: '50000:50001'
    """)
    assert meaning(text)['spec'] == {'inboundCommunity': '65000:50', 'outboundCommunity': '50000:50001'}
