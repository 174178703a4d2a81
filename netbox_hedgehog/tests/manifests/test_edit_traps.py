"""What a simple editor falls into: each trap with every line end, with and without order mark and final line end."""

from itertools import product

import pytest

from netbox_hedgehog.manifests import EditRefused, edit, same

from .reading import meaning

# Text before, wanted content, text after.
TRAPS = {
    'one becomes true': ('a: 1\n', {'a': True}, 'a: true\n'),
    'true becomes one': ('a: yes\n', {'a': 1}, 'a: 1\n'),
    'text becomes number': ('a: "1"\n', {'a': 1}, 'a: 1\n'),
    'number becomes text': ('a: 1\n', {'a': '1'}, 'a: "1"\n'),
    'same number, other spelling': ('a: 1.0\nb: 0x10\nc: 1e3\n', {'a': 1, 'b': 16.0, 'c': 1000}, None),
    'text that would become a number': ('a: x\n', {'a': '1e3'}, 'a: "1e3"\n'),
    'text that would become an address to the base of 60': ('a: x\n', {'a': '65000:50'}, 'a: "65000:50"\n'),
    'text that would become a comment': ('a: x\n', {'a': 'b #c'}, 'a: "b #c"\n'),
    'empty value': ('a:\nb: 1\n', {'a': 'x', 'b': 1}, 'a: x\nb: 1\n'),
    'empty value before a comment': ('a:  # c\nb: 1\n', {'a': 'x', 'b': 1}, 'a: x  # c\nb: 1\n'),
    'empty value at the end': ('b: 1\na:\n', {'a': 'x', 'b': 1}, 'b: 1\na: x\n'),
    'empty value becomes a map': ('a:  # c\nb: 1\n', {'a': {'x': 1}, 'b': 1}, 'a:  # c\n  x: 1\nb: 1\n'),
    'empty item': ('a:\n-\n- 1\n', {'a': ['x', 1]}, 'a:\n- x\n- 1\n'),
    'empty item becomes a map': ('a:\n-\n- 1\n', {'a': [{'x': 1, 'z': 2}, 1]}, 'a:\n- x: 1\n  z: 2\n- 1\n'),
    'value in brackets without value': ('a: {b: , c: 1}\n', {'a': {'b': 2, 'c': 1}}, 'a: {b: 2 , c: 1}\n'),
    'plain text over lines': ('a: one\n  two # c\nb: 1\n', {'a': 'x', 'b': 1}, 'a: x # c\nb: 1\n'),
    'quoted text over lines': ('a: "one\n  two" # c\nb: 1\n', {'a': 'x', 'b': 1}, 'a: "x" # c\nb: 1\n'),
    'quoted text that looks like comments': (
        'a: "one\n# two"\nb: 1\nc: 2\n', {'a': 'one # two', 'c': 2}, 'a: "one\n# two"\nc: 2\n'
    ),
    'quoted text over lines becomes a map': (
        'a: "one\n  two" # c\nb: 1\n', {'a': {'x': 1}, 'b': 1}, 'a: # c\n  x: 1\nb: 1\n'
    ),
    'block text': ('a: |\n  one\n  two\nb: 1\n', {'a': 'x\n', 'b': 1}, 'a: |\n  x\nb: 1\n'),
    'block text with a comment in its header': (
        'a: >-  # c\n  one\n  two\n\nb: 1\n', {'a': 'x', 'b': 1}, 'a: x  # c\n\nb: 1\n'
    ),
    'block text with an indent of its own': (
        'a: |2\n    one\nb: 1\n', {'a': 'x\ny\n', 'b': 1}, 'a: |\n  x\n  y\nb: 1\n'
    ),
    'block text becomes a map': ('a: |\n  one\nb: 1\n', {'a': {'x': 1}, 'b': 1}, 'a:\n  x: 1\nb: 1\n'),
    'block text becomes nothing': ('a: |\n  one\n\n\nb: 1\n', {'a': None, 'b': 1}, 'a: null\n\n\nb: 1\n'),
    'block text that keeps blank lines': ('a: |+\n  one\n\n\nb: 1\n', {'a': 'x', 'b': 1}, 'a: x\nb: 1\n'),
    'block text in a list': ('a:\n- |\n  one\n- b\n', {'a': ['x', 'b']}, 'a:\n- x\n- b\n'),
    'empty block text': ('a: |\nb: 1\n', {'a': 'x', 'b': 1}, 'a: x\nb: 1\n'),
    'key after a block text goes': ('a: |\n  one\n\nb: 1\nc: 2\n', {'a': 'one\n', 'c': 2}, 'a: |\n  one\n\nc: 2\n'),
    'key after a block text is new': (
        'a:\n  b: |\n    one\n\nc: 1\n', {'a': {'b': 'one\n', 'x': 2}, 'c': 1}, 'a:\n  b: |\n    one\n  x: 2\n\nc: 1\n'
    ),
    'comments after the last key of a map': (
        'a:\n  b: 1\n\n  # off\n# c\nd: 2\n',
        {'a': {'b': 1, 'x': 3}, 'd': 2},
        'a:\n  b: 1\n  x: 3\n\n  # off\n# c\nd: 2\n',
    ),
    'comment above a key that goes': (
        'a: 1\n\n# about b\n# more\nb: 1\nc: 2\n', {'a': 1, 'c': 2}, 'a: 1\n\nc: 2\n'
    ),
    'comment that is not its own': (
        'a: 1\n# about all\n\nb: 1\n  # indented\nc: 2\n', {'a': 1, 'c': 2}, 'a: 1\n# about all\n\n  # indented\nc: 2\n'
    ),
    'comment on top of the document': ('# top\na: 1\nb: 2\n', {'b': 2}, 'b: 2\n'),
    'map in place of a commented value': ('a: 1 # c\nb: 1\n', {'a': {'x': 1}, 'b': 1}, 'a: # c\n  x: 1\nb: 1\n'),
    'list of another length keeps its comments': (
        'a:\n# one\n- 1 # first\n# two\n- 2 # second\n',
        {'a': [1, 9, 2]},
        'a:\n# one\n- 1 # first\n- 9\n# two\n- 2 # second\n',
    ),
    'first key below a dash': ('a:\n- b: 1 # c\n  d: 2\n- e\n', {'a': [{'d': 2}, 'e']}, 'a:\n- d: 2\n- e\n'),
    'first keys below a dash': (
        'a:\n- b: 1\n  c: 2\n\n  # about d\n  d: 3\n', {'a': [{'d': 3}]}, 'a:\n- # about d\n  d: 3\n'
    ),
    'first key below a lone dash': ('a:\n-\n  b: 1\n  d: 2\n', {'a': [{'d': 2}]}, 'a:\n-\n  d: 2\n'),
    'all keys below a dash': ('a:\n- b: 1\n  c: 2\n- e\n', {'a': [{}, 'e']}, 'a:\n- {}\n- e\n'),
    'map below a dash becomes another': ('a:\n- b: 1\n  c: 2\n', {'a': [{'d': 1, 'e': 2}]}, 'a:\n- d: 1\n  e: 2\n'),
    'map below a comment below a dash becomes a text': ('a:\n- # c\n  b: 1\n', {'a': ['x']}, 'a:\n- x # c\n'),
    'explicit key': ('? a\n: 1\n? b\n: 2\n', {'a': 3, 'b': 2}, '? a\n: 3\n? b\n: 2\n'),
    'key in quotes': ('"a": 1\n\'b\' : 2\n', {'a': 2, 'b': 3}, '"a": 2\n\'b\' : 3\n'),
    'value below its key': ('a:\n  # c\n  x\nb: 1\n', {'a': 'z', 'b': 1}, 'a:\n  # c\n  z\nb: 1\n'),
    'end mark': ('a: 1\n... # end\n# after\n', {'a': 1, 'b': 2}, 'a: 1\nb: 2\n... # end\n# after\n'),
    'separator line': ('--- # one\na: 1\n', {'a': 1, 'b': 2}, '--- # one\na: 1\nb: 2\n'),
    'four blanks': (
        'a:\n    b:\n        c: 1\n',
        {'a': {'b': {'c': 1}, 'd': {'e': 2}}},
        'a:\n    b:\n        c: 1\n    d:\n        e: 2\n',
    ),
    'dashes in line with their key': ('a:\n- 1\n', {'a': [1], 'b': [2]}, 'a:\n- 1\nb:\n- 2\n'),
    'dashes right of their key': ('a:\n  - 1\n', {'a': [1], 'b': [2]}, 'a:\n  - 1\nb:\n  - 2\n'),
    'quotes around all items': ("a:\n- 'x'\n- 'y'\n", {'a': ['x', 'y', 'z']}, "a:\n- 'x'\n- 'y'\n- 'z'\n"),
    'JSON': (
        '{\n  "a": 1,\n  "b": {"c": [1, 2]}\n}\n',
        {'a': 2, 'b': {'c': [1, 2, 'x'], 'd': None}, 'e': {'f': True}},
        '{\n  "a": 2,\n  "b": {"c": [1, 2, "x"], "d": null},\n  "e": {"f": true}\n}\n',
    ),
    'last key of JSON goes': ('{\n  "a": 1,\n  "b": 2\n}\n', {'a': 1}, '{\n  "a": 1\n}\n'),
    'first key of JSON goes': ('{\n  "a": 1,\n  "b": 2\n}\n', {'b': 2}, '{\n  "b": 2\n}\n'),
    'brackets with comments': (
        'a: [\n  x, # about x\n  # about z\n  z\n]\nb: 1\n', {'a': ['z'], 'b': 1}, 'a: [\n  # about z\n  z\n]\nb: 1\n'
    ),
    'item before all in brackets': ('a: [b, c]\n', {'a': ['a', 'b', 'c']}, 'a: [a, b, c]\n'),
    'comma at the end of brackets': ('a: [b, c,]\n', {'a': ['b', 'd']}, 'a: [b, d,]\n'),
    'brackets become a map': ('a: [x] # c\nb: 1\n', {'a': {'c': 1}, 'b': 1}, 'a: # c\n  c: 1\nb: 1\n'),
    'tag elsewhere': ('a: !!str 1\nb: 1\n', {'a': '1', 'b': 2}, 'a: !!str 1\nb: 2\n'),
    'last key goes from below a blank line': ('a: 1\n\nb: 2\n', {'a': 1}, 'a: 1\n\n'),
    'trailing blanks': ('a: 1  \nb: 2\t\n', {'a': 3, 'b': 4, 'c': 5}, 'a: 3  \nb: 4\t\nc: 5\n'),
}  # fmt: skip

VARIANTS = {
    f'{name}{" BOM" if mark else ""}{"" if is_closed else " open"}': (line_break, mark, is_closed)
    for (name, line_break), mark, is_closed in product([('LF', '\n'), ('CRLF', '\r\n')], ['', '\ufeff'], [True, False])
}


@pytest.mark.parametrize(('line_break', 'mark', 'is_closed'), VARIANTS.values(), ids=VARIANTS.keys())
@pytest.mark.parametrize(('before', 'wanted', 'after'), TRAPS.values(), ids=TRAPS.keys())
def test_not_caught(before, wanted, after, line_break, mark, is_closed):
    def variant(text):
        return mark + (text if is_closed else text.removesuffix('\n')).replace('\n', line_break)

    edited = edit(variant(before), wanted)
    if after is None:
        assert edited == variant(before)
    elif not is_closed and after.endswith('\n\n'):
        assert edited == variant(after).rstrip()
    elif not is_closed and wanted.get('a') in ('x\n', 'x\ny\n'):
        # Without a line end, a text below a bar would lose its own if it came last.
        assert same(meaning(edited), wanted)
    else:
        assert edited == variant(after)
    assert same(meaning(edited), wanted)
    assert edit(edited, wanted) is edited


@pytest.mark.parametrize('line_break', ['\x85', '\u2028', '\u2029', '\r'], ids=['NEL', 'LS', 'PS', 'CR'])
def test_other_line_ends_move_nothing(line_break):
    text = f'a: 1{line_break}b: "x"  # note{line_break}c:{line_break}  - d: 1{line_break}    e: 2{line_break}f: 3\n'
    edited = edit(text, {'a': 1, 'b': 'y', 'c': [{'e': 2}], 'f': 4})
    assert edited == text.replace('"x"', '"y"').replace(f'd: 1{line_break}    e', 'e').replace('f: 3', 'f: 4')


def test_a_text_below_a_bar_needs_a_line_end():
    assert edit('a: 1', {'a': 1, 'b': 'x\ny\n'}) == 'a: 1\nb: "x\\ny\\n"'
    assert edit('a: 1', {'a': 1, 'b': 'x\ny'}) == 'a: 1\nb: |-\n  x\n  y'


def test_mixed_line_ends_stay_mixed():
    text = 'a: 1\r\nb: 2\nc: 3\r\nd: 4\r\n'
    assert edit(text, {'a': 1, 'b': 5, 'd': 4, 'e': 6}) == 'a: 1\r\nb: 5\nd: 4\r\ne: 6\r\n'


# Text, wanted content, line and part of the reason.
REFUSED = {
    'anchor': ('a: 1\nb: &x 2\n', {'a': 2, 'b': 2}, 2, 'anchor'),
    'alias': ('a: &x {c: 1}\nb: *x\n', {'a': {'c': 2}, 'b': {'c': 1}}, 1, 'anchor'),
    'merge key': ('a: 1\nb:\n  <<: {c: 1}\n', {'a': 2, 'b': {'c': 1}}, 3, 'merge key'),
    'tag on the changed value': ('a: 1\nb: !!str 2\n', {'a': 1, 'b': '3'}, 2, 'tag'),
    'tag in a value that goes': ('a: 1\nb:\n  c: [!!str 2]\n', {'a': 1}, 3, 'tag'),
    'tag on an item that goes': ('a: [!!str 1, 2]\n', {'a': [2]}, 1, 'tag'),
    'explicit key goes': ('a: 1\n? b\n: 2\n', {'a': 1}, 2, 'question mark'),
    'explicit key without value': ('a: 1\n? b\n', {'a': 1, 'b': {'c': 1}}, 3, 'question mark'),
    'key in braces without colon': ('a: {b, c}\n', {'a': {'b': 1, 'c': None}}, 1, 'colon'),
    'value below its key becomes a map': ('a:\n  x # c\nb: 1\n', {'a': {'c': 1}, 'b': 1}, 2, 'same line'),
    'text below a bar below its key': ('a:\n  |\n  x\nb: 1\n', {'a': 'y', 'b': 1}, 2, 'same line'),
    'comment in brackets': ('a: [x, # about x\n  y]\n', {'a': ['x']}, 1, 'comment'),
    'comment at the end of brackets': ('a: [\n  x # about x\n]\n', {'a': ['x', 'y']}, 2, 'comment'),
    'nothing left': ('a: 1\n', {'b': 1}, 1, 'Nothing of the document'),
    'no map': ('- a\n', {'a': 1}, 1, 'Nothing of the document'),
    'nothing there': ('# c\n', {'a': 1}, 1, 'empty'),
    'duplicate key': ('a: 1\na: 2\n', {'a': 3}, 2, 'stands in line 1 too'),
    'broken text': ('a: 1\nb: [\n', {'a': 2}, 3, 'Not valid YAML'),
    'two documents': ('a: 1\n---\nb: 2\n', {'a': 2}, 2, '---'),
    'value that cannot be written': ('a: 1\n', {'a': 'x\0'}, 1, 'a: Remove U+0000'),
    'key that cannot be written': ('a: 1\n', {'a': {1: 2}}, 1, 'The key 1 is no text'),
    'blank lines that would become part of a text': (
        'a: |+\n  x\n\nb: 1\n\nc: 2\n', {'a': 'x\n\n', 'c': 2}, 1, 'read as something else'
    ),
}  # fmt: skip


@pytest.mark.parametrize(('text', 'wanted', 'line', 'reason'), REFUSED.values(), ids=REFUSED.keys())
@pytest.mark.parametrize('mark', ['', '\ufeff'], ids=['', 'BOM'])
def test_refused_with_line_and_reason(text, wanted, line, reason, mark):
    with pytest.raises(EditRefused) as caught:
        edit(mark + text, wanted)
    assert caught.value.line == line
    assert reason in caught.value.reason
    assert caught.value.reason.endswith('.')


@pytest.mark.parametrize('text', ['a: &x 1\nb: *x\n', 'a: !!str 1\nb: "1"\n', '<<: {a: "1", b: "1"}\n'])
def test_what_cannot_be_edited_need_not_be_if_nothing_changes(text):
    assert edit(text, meaning(text)) is text
