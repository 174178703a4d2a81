"""Read one YAML document as Kubernetes does, and refuse what another reader would understand differently."""

import re
from math import isfinite
from typing import Any, NamedTuple

# The C parser and no other: the pure Python one accepts lone surrogates. An installation without it fails here.
from yaml import CSafeLoader, MarkedYAMLError, parse
from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    DocumentStartEvent,
    ScalarEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from . import scalars
from .advice import advise
from .errors import ReasonCode, Unreadable
from .limits import DEFAULT_LIMITS, Limits
from .lines import BLANKS, Place, line_end, size_in_bytes, trim_break
from .nodes import Entry, Key, Mapping, Node, Scalar, Sequence, Tree, height, merged
from .quoting import scalar_text

__all__ = ('BLOCK_HEADER', 'BYTE_ORDER_MARK', 'check_text', 'read')

BYTE_ORDER_MARK = '\ufeff'

# What YAML cannot hold, as the complement of what it can. Bytes that are no UTF-8 were decoded to lone surrogates.
_UNPRINTABLE = re.compile('[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]')
_SURROGATES = range(0xD800, 0xE000)
# Possessive: where no directive follows, the lines above must not be tried again in other ways.
_DIRECTIVE = re.compile(r'(?>[ \t]*(?:#[^\r\n]*)?\r?\n)*+%')
_REFUSED_SEPARATOR = re.compile(r'^---(?![ \t\r]*(?:#|$))', re.MULTILINE)
_STRING_TAG = 'tag:yaml.org,2002:str'
# Complaints about the end of something, for which the place where it began is more telling.
_ABOUT_A_BEGINNING = ("could not find expected ':'", 'found unexpected')
BLOCK_HEADER = re.compile(r'[|>][-+0-9]*')


def read(text: str, *, first_line: int = 1, limits: Limits = DEFAULT_LIMITS) -> Tree:
    """Read the one document in `text`, which starts in line `first_line` of its file.

    Indexes in the result do not count a leading byte order mark. Raises Unreadable, and nothing else, for any text.
    """
    place = Place(text.removeprefix(BYTE_ORDER_MARK), first_line)
    check_text(place, limits)
    composer = _Composer(place, limits)
    try:
        return composer.compose()
    except MarkedYAMLError as error:
        raise composer.syntax_error(error) from error


def check_text(place: Place, limits: Limits) -> None:
    """Refuse what need not be parsed to see that it cannot be read."""
    if size_in_bytes(place.text) > limits.document_bytes:
        message = f'The document is larger than {limits.document_bytes} bytes; split it.'
        raise place.refusal(0, ReasonCode.TOO_LARGE, message)
    if found := _UNPRINTABLE.search(place.text):
        if ord(found[0]) in _SURROGATES:
            message = 'Not UTF-8; save the file in that encoding.'
            raise place.refusal(found.start(), ReasonCode.NOT_UTF8, message)
        message = f'Remove the control character U+{ord(found[0]):04X}.'
        raise place.refusal(found.start(), ReasonCode.CONTROL_CHARACTER, message)
    if place.text.startswith(BYTE_ORDER_MARK):
        raise place.refusal(0, ReasonCode.CONTROL_CHARACTER, 'Remove the second byte order mark.')
    if found := _DIRECTIVE.match(place.text):
        message = 'Remove the directive: a cluster reads no line that starts with %.'
        raise place.refusal(found.end() - 1, ReasonCode.SYNTAX_ERROR, message)
    if found := _REFUSED_SEPARATOR.search(place.text):
        message = 'Write nothing but a comment after the three dashes; a cluster refuses the line.'
        raise place.refusal(found.start(), ReasonCode.SYNTAX_ERROR, message)


class _Anchored(NamedTuple):
    """A node that can be repeated, the number of values in it, and how deep they go."""

    node: Node
    size: int
    height: int


class _Composer:
    """Builds nodes out of libyaml's events.

    It counts and checks in the same pass, so that a hostile text is given up at the point where it becomes one.
    """

    def __init__(self, place: Place, limits: Limits) -> None:
        self._place = place
        self._limits = limits
        # The edge to PyYAML: its types say that the marks of an event may be missing; those of a parser never are.
        self._events: Any = parse(place.text, Loader=CSafeLoader)
        self._size = 0
        self._aliases = 0
        # An anchor is known from its place on; its node follows when that is complete.
        self._anchors: dict[str, _Anchored | None] = {}
        self._sharing: int | None = None
        # Raised at the end, because another key that is the same to the cluster is the greater fault.
        self._unquoted_key: Unreadable | None = None
        self._has_ended = False

    def compose(self) -> Tree:
        """Read one document, and nothing after it."""
        if not any(type(event) is DocumentStartEvent for event in self._events):
            raise self._place.refusal(0, ReasonCode.NOT_AN_OBJECT, 'The document is empty; write an object.')
        root = self._node(next(self._events), 1)
        self._has_ended = bool(next(self._events).explicit)
        following = next(self._events)
        if type(following) is not StreamEndEvent:
            raise self._dropped(following.start_mark.index)
        if self._unquoted_key is not None:
            raise self._unquoted_key
        return Tree(self._place, root, self._sharing)

    def syntax_error(self, error: MarkedYAMLError) -> Unreadable:
        """Turn a complaint of libyaml into a place and advice."""
        problem = error.problem or 'not understood'
        beginning = error.context_mark if problem.startswith(_ABOUT_A_BEGINNING) else None
        mark = beginning or error.problem_mark
        index = mark.index if mark else 0
        if self._has_ended:
            return self._dropped(index)
        advice = advise(problem, self._place.text[index : index + 1])
        return self._place.refusal(index, ReasonCode.SYNTAX_ERROR, f'Not valid YAML: {problem}. {advice}')

    def _dropped(self, index: int) -> Unreadable:
        message = 'Write --- before this line: a cluster drops what follows the end mark "...".'
        return self._place.refusal(index, ReasonCode.SYNTAX_ERROR, message)

    def _node(self, event: Any, depth: int) -> Node:
        index = event.start_mark.index
        if depth > self._limits.depth:
            raise self._too_deep(index)
        if type(event) is AliasEvent:
            return self._alias(event, depth)
        size = self._size
        self._count(index, 1, ReasonCode.TOO_LARGE)
        if event.anchor is not None:
            self._set_anchor(event.anchor, index)
        node = self._scalar(event) if type(event) is ScalarEvent else self._collection(event, depth)
        if event.anchor is not None:
            self._anchors[event.anchor] = _Anchored(node, self._size - size, height(node))
        return node

    def _count(self, index: int, size: int, code: ReasonCode) -> None:
        self._size += size
        if self._size > self._limits.nodes:
            raise self._place.refusal(index, code, f'More than {self._limits.nodes} values; split the document.')

    def _too_deep(self, index: int) -> Unreadable:
        message = f'More than {self._limits.depth} values inside each other; make the document flatter.'
        return self._place.refusal(index, ReasonCode.TOO_DEEP, message)

    def _set_anchor(self, name: str, index: int) -> None:
        if name in self._anchors:
            message = f'The anchor &{name} is set twice; give each place a name of its own.'
            raise self._place.refusal(index, ReasonCode.SYNTAX_ERROR, message)
        self._anchors[name] = None
        self._note_sharing(index)

    def _note_sharing(self, index: int) -> None:
        if self._sharing is None:
            self._sharing = index

    def _alias(self, event: Any, depth: int) -> Node:
        index, name = event.start_mark.index, event.anchor
        self._aliases += 1
        if self._aliases > self._limits.aliases:
            message = f'More than {self._limits.aliases} aliases; write the values out.'
            raise self._place.refusal(index, ReasonCode.ALIAS_EXPANSION, message)
        if name not in self._anchors:
            message = f'No anchor &{name} stands above; put the text in quotes, or set the anchor.'
            raise self._place.refusal(index, ReasonCode.SYNTAX_ERROR, message)
        anchored = self._anchors[name]
        if anchored is None:
            message = f'The alias *{name} stands inside the value that it repeats; write the value out.'
            raise self._place.refusal(index, ReasonCode.ALIAS_EXPANSION, message)
        self._count(index, anchored.size, ReasonCode.ALIAS_EXPANSION)
        if depth + anchored.height - 1 > self._limits.depth:
            raise self._too_deep(index)
        return anchored.node

    def _scalar(self, event: Any) -> Scalar:
        start, end, column = event.start_mark.index, event.end_mark.index, event.start_mark.column
        text: str = event.value
        if len(text) > self._limits.scalar_chars:
            message = f'The text is longer than {self._limits.scalar_chars} characters; shorten it.'
            raise self._place.refusal(start, ReasonCode.TOO_LARGE, message)
        if not event.style and event.tag is None:
            return Scalar(start, end, column, '', self._plain_value(text, start), is_tagged=False)
        if event.tag not in (None, _STRING_TAG):
            raise self._tagged(event)
        if '\0' in text:
            message = 'Remove the escaped character \\0: a database cannot hold it.'
            raise self._place.refusal(start, ReasonCode.CONTROL_CHARACTER, message)
        if event.style in ('|', '>'):
            end = _block_end(self._place.text, start, end)
        return Scalar(start, end, column, event.style, text, is_tagged=event.tag is not None)

    def _plain_value(self, text: str, index: int) -> scalars.Scalar:
        value = scalars.resolve(text)
        if isinstance(value, float) and not isfinite(value):
            message = f'Put {text} in quotes if it is a text: there is no such number in JSON.'
            raise self._place.refusal(index, ReasonCode.SYNTAX_ERROR, message)
        if scalars.is_wide_integer(text, value):
            message = 'Put the number in quotes if it is a text: over 64 bits a cluster changes its digits.'
            raise self._place.refusal(index, ReasonCode.SYNTAX_ERROR, message)
        return value

    def _collection(self, event: Any, depth: int) -> Sequence | Mapping:
        if event.tag is not None:
            raise self._tagged(event)
        return self._sequence(event, depth) if type(event) is SequenceStartEvent else self._mapping(event, depth)

    def _sequence(self, event: Any, depth: int) -> Sequence:
        items: list[Node] = []
        while not _is_end(following := next(self._events)):
            items.append(self._node(following, depth + 1))
        begin, is_flow = event.start_mark, event.flow_style
        end = following.end_mark.index if is_flow else items[-1].end
        return Sequence(begin.index, end, begin.column, is_flow, tuple(items))

    def _mapping(self, event: Any, depth: int) -> Mapping:
        entries: dict[str, Entry] = {}
        while not _is_end(following := next(self._events)):
            entry = self._entry(following, depth, entries)
            entries[entry.key.name] = entry
        begin, is_flow = event.start_mark, event.flow_style
        end = following.end_mark.index if is_flow else entry.value.end
        return Mapping(begin.index, end, begin.column, is_flow, tuple(entries.values()))

    def _entry(self, event: Any, depth: int, above: dict[str, Entry]) -> Entry:
        node = self._node(event, depth + 1)
        index = event.start_mark.index
        if not isinstance(node, Scalar):
            raise self._place.refusal(index, ReasonCode.SYNTAX_ERROR, 'Write a text as key: a key has no parts.')
        name = _key_name(node)
        if len(name) > self._limits.key_chars:
            message = f'The key is longer than {self._limits.key_chars} characters; shorten it.'
            raise self._place.refusal(index, ReasonCode.TOO_LARGE, message)
        if name in above:
            line = self._place.line(above[name].key.start)
            message = f'The key {scalar_text(name)} stands in line {line} too; remove one of them.'
            raise self._place.refusal(index, ReasonCode.DUPLICATE_KEY, message)
        if not isinstance(node.value, str) and self._unquoted_key is None:
            message = f'Put the key in quotes: a cluster reads {name}, another reader something else.'
            self._unquoted_key = self._place.refusal(index, ReasonCode.SYNTAX_ERROR, message)
        is_merge = name == '<<' and not node.style and not node.is_tagged
        value = self._node(next(self._events), depth + 1)
        if is_merge:
            self._note_sharing(index)
            self._check_merge(index, value, above)
        return Entry(Key(node.start, node.end, node.column, node.style, name, is_merge), value)

    def _check_merge(self, index: int, value: Node, above: dict[str, Entry]) -> None:
        sources = value.items if isinstance(value, Sequence) else (value,)
        if not all(isinstance(source, Mapping) for source in sources):
            message = 'Write an alias of a map, or a list of them, after the merge key.'
            raise self._place.refusal(index, ReasonCode.SYNTAX_ERROR, message)
        # Kubernetes goes by the order in the file, other readers let the map's own keys win.
        if contested := sorted(merged(value).keys() & above.keys()):
            message = f'Move the merge key above {scalar_text(contested[0])}: readers differ about which value counts.'
            raise self._place.refusal(index, ReasonCode.DUPLICATE_KEY, message)

    def _tagged(self, event: Any) -> Unreadable:
        message = f'Remove the tag {event.tag}: a cluster ignores it or reads another value.'
        return self._place.refusal(event.start_mark.index, ReasonCode.CUSTOM_TAG, message)


def _is_end(event: Any) -> bool:
    return isinstance(event, CollectionEndEvent)


def _key_name(key: Scalar) -> str:
    """Return the text that Kubernetes makes of a key."""
    match key.value:
        case None:
            return 'null'
        case bool():
            return 'true' if key.value else 'false'
        case value:
            return str(value)


def _block_end(text: str, start: int, end: int) -> int:
    """Return where a block text ends. Blank lines after it are part of it only if its header keeps them (`|+`)."""
    header = BLOCK_HEADER.search(text, start, end)
    if header and '+' in header[0]:
        return trim_break(text, end)
    return line_end(text, start + len(text[start:end].rstrip(BLANKS)))
