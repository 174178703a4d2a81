"""What to write instead, for each complaint of the YAML parser."""

__all__ = ('advise',)

# By part of libyaml's message; the first that fits counts.
_ADVICE = {
    'mapping values are not allowed': 'Put the text in quotes if it holds a colon and a blank, or correct the indent.',
    "could not find expected ':'": 'Write "key: value", or indent the line if it continues the one above.',
    'found unknown escape character': 'Write a backslash twice in double quotes, or use single quotes.',
    'invalid Unicode character escape': 'Write the character itself in place of its escape.',
    'found unexpected end of stream': 'Close the quote that opens here.',
    'found unexpected document indicator': 'Close the quote that opens here.',
    "did not find expected ',' or": 'Put a comma between the items, and close the bracket.',
    'did not find expected key': 'Align the line with the keys that it belongs to.',
    "did not find expected '-' indicator": 'Align the line with the items of the list, or with what follows it.',
    'block sequence entries are not allowed': 'Start the list on a line of its own.',
    'did not find expected node content': 'Write a value here, or put it in quotes.',
    'did not find expected alphabetic or numeric character': 'Put the text in quotes.',
}
_TAB_ADVICE = 'Indent with blanks: a tab is not allowed here.'
_TOKEN_ADVICE = 'Put the text in quotes: none may start with this character.'  # noqa: S105  a token of YAML
_DEFAULT_ADVICE = 'Correct the YAML here.'


def advise(problem: str, character: str) -> str:
    """Return a sentence of advice for a message of libyaml and the character that it points at."""
    if 'cannot start any token' in problem:
        return _TAB_ADVICE if character == '\t' else _TOKEN_ADVICE
    return next((advice for part, advice in _ADVICE.items() if part in problem), _DEFAULT_ADVICE)
