"""Write contents as people do: with any indent, quotes and line ends, and with comments everywhere."""

from random import Random

from netbox_hedgehog.catalog import JSON
from netbox_hedgehog.manifests.quoting import scalar_text

__all__ = ('Hand',)


class Hand:
    """Writes one document; every comment in it is different."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._step = random.choice([1, 2, 2, 4])
        self._comments = 0

    def write(self, content: dict[str, JSON]) -> str:
        """Write a document in block style, or now and then as JSON with comments."""
        if content and self._random.random() < 0.1:
            text = f'{self._above(0)}{self._flow(content)}{self._comment()}\n'
        else:
            text = self._mapping(content, 0) if content else '{}\n'
        text += self._random.choice(['', '', '# end\n', '...\n'])
        if self._random.random() < 0.3:
            text = text.replace('\n', '\r\n')
        if self._random.random() < 0.3:
            text = text.rstrip('\r\n')
        return f'\ufeff{text}' if self._random.random() < 0.1 else text

    def _note(self) -> str:
        self._comments += 1
        return f'# note {self._comments}.'

    def _comment(self) -> str:
        return self._random.choice(['', '', '', f' {self._note()}', ' #'])

    def _above(self, column: int) -> str:
        lines = ''
        while self._random.random() < 0.3:
            margin = ' ' * self._random.choice([column, column, max(0, column - 1), column + 2])
            lines += self._random.choice([f'{margin}{self._note()}\n', f'{margin}{self._note()}\n', '\n', '  \n'])
        return lines

    def _mapping(self, mapping: dict[str, JSON], column: int) -> str:
        return ''.join(
            f'{self._above(column)}{" " * column}{self._key(key)}:{self._value(value, column)}'
            for key, value in mapping.items()
        )

    def _sequence(self, items: list[JSON], column: int) -> str:
        return ''.join(f'{self._above(column)}{" " * column}-{self._item(item, column)}' for item in items)

    def _key(self, key: str, *, in_flow: bool = False) -> str:
        return scalar_text(key, self._random.choice(['', '', '"', "'"]), in_flow=in_flow)

    def _value(self, value: JSON, column: int) -> str:
        is_block = bool(value) and self._random.random() < 0.8
        if isinstance(value, dict) and is_block:
            return f'{self._comment()}\n{self._mapping(value, column + self._step)}'
        if isinstance(value, list) and is_block:
            return f'{self._comment()}\n{self._sequence(value, column + self._random.choice([0, self._step]))}'
        return self._leaf(value, column)

    def _item(self, value: JSON, column: int) -> str:
        if isinstance(value, dict | list) and value and self._random.random() < 0.8:
            inner = column + 1 + self._random.choice([1, 1, 3])
            lines = self._mapping(value, inner) if isinstance(value, dict) else self._sequence(value, inner)
            starts_at_once = not lines[:inner].strip(' ') and lines[inner] not in '#\n '
            if starts_at_once and self._random.random() < 0.8:
                return lines[column + 1 :]
            return f'{self._comment()}\n{lines}'
        return self._leaf(value, column)

    def _leaf(self, value: JSON, column: int) -> str:
        if isinstance(value, dict | list):
            return f' {self._flow(value)}{self._comment()}\n'
        if isinstance(value, str) and '\n' in value.strip() and value[0] not in ' \n\t' and self._random.random() < 0.7:
            return self._literal(value, column + self._random.choice([1, 2, 4]))
        text = self._scalar(value)
        blanks = ' ' * self._random.choice([1, 1, 3])
        return f'{blanks}{text}{self._comment()}\n' if text else f'{self._comment()}\n'

    def _literal(self, text: str, column: int) -> str:
        body = text.rstrip('\n')
        ends = len(text) - len(body)
        header = '|' + {0: '-', 1: ''}.get(ends, '+') + self._comment()
        lines = [f'{" " * column}{line}' if line else '' for line in body.split('\n')] + [''] * (ends - 1)
        return ' ' + '\n'.join([header, *lines, ''])

    def _scalar(self, value: JSON) -> str:
        match value:
            case None:
                return self._random.choice(['', '~', 'null'])
            case True:
                return self._random.choice(['true', 'yes', 'on'])
            case int():
                return self._random.choice([str(value), f'{value}.0'])
            case _:
                return scalar_text(value, self._random.choice(['', '"', "'"]))

    def _flow(self, value: JSON) -> str:
        match value:
            case dict():
                entries = [f'{self._key(key, in_flow=True)}: {self._flow(inner)}' for key, inner in value.items()]
                return '{' + self._joined(entries) + '}'
            case list():
                comma = self._random.choice(['', ','] if value else [''])
                return '[' + self._joined([self._flow(item) for item in value]) + comma + ']'
            case _:
                return scalar_text(value, self._random.choice(['', '"', "'"]), in_flow=True)

    def _joined(self, parts: list[str]) -> str:
        match self._random.choice(['on one line', 'on one line', 'on lines', 'with notes']):
            case 'on one line':
                return self._random.choice([', ', ' , ']).join(parts)
            case 'on lines':
                return ',\n        '.join(parts)
            case _:
                return ''.join(f'{part}, {self._note()}\n        ' for part in parts[:-1]) + ''.join(parts[-1:])
