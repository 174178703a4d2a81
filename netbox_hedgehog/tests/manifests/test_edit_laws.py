"""The laws of the editor, for texts in any handwriting and changes of any kind."""

import re

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from netbox_hedgehog.catalog import JSON
from netbox_hedgehog.manifests import EditRefused, edit, same
from netbox_hedgehog.manifests.lines import line_end
from netbox_hedgehog.manifests.nodes import Mapping, Scalar, Sequence, children, content
from netbox_hedgehog.manifests.reader import read

from .reading import meaning
from .strategies import edits, json_values, manifests, scalars

NOTE = re.compile(r'# note [0-9]+\.')


def scalar_places(node, path=()):
    """Yield the path and the node of each scalar."""
    if isinstance(node, Scalar):
        yield path, node
    for step, child in zip(steps(node), children(node), strict=True):
        yield from scalar_places(child, (*path, step))


def steps(node):
    match node:
        case Mapping():
            return [key.name for key, _ in node.entries]
        case Sequence():
            return range(len(node.items))
        case _:
            return ()


def with_value(content: JSON, path: tuple, value: JSON) -> JSON:
    if not path:
        return value
    copy = content.copy()
    copy[path[0]] = with_value(content[path[0]], path[1:], value)
    return copy


def without(content: JSON, path: tuple) -> JSON:
    if len(path) > 1:
        return with_value(content, path[:1], without(content[path[0]], path[1:]))
    copy = content.copy()
    del copy[path[0]]
    return copy


def edited_or_refused(text, wanted):
    """Return the edited text, or None for a refusal with a line and a reason."""
    try:
        return edit(text, wanted)
    except EditRefused as refused:
        if not (1 <= refused.line <= text.count('\n') + 1 and refused.reason.endswith('.')):
            raise
        return None


@settings(max_examples=60, deadline=None)
@given(manifests(), st.data())
def test_the_result_means_what_was_wanted_and_comes_to_rest(text, data):
    wanted = data.draw(edits(meaning(text)))
    edited = edited_or_refused(text, wanted)
    if edited is None:
        return
    assert same(meaning(edited), wanted)
    assert edit(edited, wanted) is edited
    assert edited.startswith('\ufeff') == text.startswith('\ufeff')
    assert edited.endswith('\n') == text.endswith('\n')
    assert '\r\n' in text or '\r' not in edited


@settings(max_examples=60, deadline=None)
@given(manifests())
def test_what_is_there_already_changes_nothing(text):
    assert edit(text, meaning(text)) is text


@settings(max_examples=60, deadline=None)
@given(manifests(), json_values)
def test_any_value_can_be_added(text, value):
    wanted = {**meaning(text), 'added': value}
    edited = edited_or_refused(text, wanted)
    assert edited is None or same(meaning(edited), wanted)


@settings(max_examples=60, deadline=None)
@given(manifests(), scalars, st.data())
def test_a_changed_scalar_changes_no_other_character(text, value, data):
    tree = read(text)
    path, node = data.draw(st.sampled_from(list(scalar_places(tree.root))))
    assume(not node.is_block and not (isinstance(value, str) and '\n' in value))
    assume(not same(node.value, value))
    edited = edit(text, with_value(meaning(text), path, value)).removeprefix('\ufeff')
    before, after = tree.place.text[: node.start], tree.place.text[node.end :]
    assert edited.startswith(before)
    assert edited.endswith(after)


@settings(max_examples=60, deadline=None)
@given(manifests(), st.data())
def test_a_text_in_quotes_comes_back_as_it_was(text, data):
    places = [(path, node) for path, node in scalar_places(read(text).root) if node.style in ('"', "'")]
    assume(places)
    path, _ = data.draw(st.sampled_from(places))
    content = meaning(text)
    assert edit(edit(text, with_value(content, path, 'other')), content) == text


@settings(max_examples=60, deadline=None)
@given(manifests(), st.data())
def test_scalars_may_be_changed_in_any_order(text, data):
    places = [path for path, node in scalar_places(read(text).root) if not node.is_block]
    one, other = data.draw(st.sampled_from(places)), data.draw(st.sampled_from(places))
    assume(one != other)
    content = meaning(text)
    first = with_value(content, one, 'first')
    second = with_value(content, other, 'second')
    both = with_value(first, other, 'second')
    assert edit(edit(text, first), both) == edit(edit(text, second), both) == edit(text, both)


@settings(max_examples=60, deadline=None)
@given(manifests(), st.data())
def test_only_comments_of_what_is_removed_go_with_it(text, data):
    tree = read(text)
    parents = [(path, node) for path, node in collections(tree.root) if len(children(node)) > 1]
    assume(parents)
    path, parent = data.draw(st.sampled_from(parents))
    names = list(steps(parent))
    at = data.draw(st.integers(0, len(names) - 1))
    assume((*path, names[at]) != ('kind',))
    # Of equal items nobody can tell which one went.
    assume(isinstance(parent, Mapping) or not any(same(each, item(parent, at)) for each in other_items(parent, at)))
    wanted = without(meaning(text), (*path, names[at]))
    edited = edited_or_refused(text, wanted)
    if edited is None:
        return
    body = tree.place.text
    start = parent.entries[at].key.start if isinstance(parent, Mapping) else parent.items[at].start
    above = max(end for end in ends(tree.root) if end <= start)
    if line_end(body, above) < start:
        above = line_end(body, above)
    below = line_end(body, children(parent)[at].end)
    kept = NOTE.findall(body[:above] + body[below:])
    assert [note for note in NOTE.findall(edited) if note in kept] == kept


def item(node, at):
    return content(node.items[at])


def other_items(node, at):
    return [content(each) for each in (*node.items[:at], *node.items[at + 1 :])]


def ends(node):
    """Yield where each key and scalar ends."""
    yield 0
    if isinstance(node, Mapping):
        yield from (key.end for key, _ in node.entries)
    if isinstance(node, Scalar):
        yield node.end
    for child in children(node):
        yield from ends(child)


def collections(node, path=()):
    """Yield the path and the node of each map and list."""
    if not isinstance(node, Scalar):
        yield path, node
    for step, child in zip(steps(node), children(node), strict=True):
        yield from collections(child, (*path, step))


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60) | st.text('a:- \n\r\t#|>"\'{}[],&*!?%.', max_size=60), json_values)
def test_any_text_ends_in_a_result_or_a_refusal(text, value):
    edited = edited_or_refused(text, {'a': value})
    assert edited is None or same(meaning(edited), {'a': value})
