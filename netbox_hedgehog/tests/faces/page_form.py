"""What a browser would post of the form on a page: the inputs outside of templates, as they are filled in."""

from html.parser import HTMLParser

__all__ = ('PageForm', 'form_on')

# Without JavaScript a browser posts what stands in these, too; with it, it does not even read them.
_UNREAD = ('template', 'noscript')


class PageForm(HTMLParser):
    """Reads one form: what its inputs hold, in order, what each select offers, and the problems by id of the input."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str | list[str]] = {}
        self.errors: dict[str, str] = {}
        self.options: dict[str, list[str]] = {}
        self.attributes: dict[str, dict[str, str]] = {}
        self._unread = 0
        self._is_inside = False
        self._select: str | None = None
        self._textarea: str | None = None
        self._error: str | None = None
        self._error_depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or '' for name, value in attrs}
        if tag in _UNREAD:
            self._unread += 1
        if tag == 'option' and not self._unread:
            self._take_option(given)
        if tag == 'form' and 'object-edit' in given.get('class', ''):
            self._is_inside = True
        if self._unread or not self._is_inside:
            return
        if tag == 'div':
            self._enter_div(given)
        name = given.get('name', '')
        if not name or 'disabled' in given:
            return
        self.attributes[name] = given
        if tag == 'input' and (given.get('type') != 'checkbox' or 'checked' in given):
            self.fields[name] = given.get('value', 'on' if given.get('type') == 'checkbox' else '')
        elif tag == 'select':
            self._select = name
            self.options[name] = []
            self.fields[name] = [] if 'multiple' in given else ''
        elif tag == 'textarea':
            self._textarea = name
            self.fields[name] = ''

    def _enter_div(self, given: dict[str, str]) -> None:
        if self._error is not None:
            self._error_depth += 1
        elif given.get('id', '').endswith('_errors'):
            self._error, self._error_depth = given['id'].removesuffix('_errors'), 1

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNREAD:
            self._unread -= 1
        elif tag == 'form':
            self._is_inside = False
        elif tag == 'select':
            self._select = None
        elif tag == 'textarea':
            self._textarea = None
        elif tag == 'div' and self._error is not None and not self._unread:
            self._error_depth -= 1
            if not self._error_depth:
                self._error = None

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self.fields[self._textarea] += data
        if self._error and data.strip():
            self.errors[self._error] = f'{self.errors.get(self._error, "")} {data.strip()}'.strip()

    def _take_option(self, given: dict[str, str]) -> None:
        name = self._select
        if not name or name not in self.fields:
            return
        value = given.get('value', '')
        self.options[name].append(value)
        if 'selected' in given:
            if isinstance(self.fields[name], list):
                self.fields[name].append(value)
            else:
                self.fields[name] = value


def form_on(html: str) -> PageForm:
    """Read the edit form of a page, or what stands in the markup of one."""
    reader = PageForm()
    if 'object-edit' not in html:
        html = f'<form class="object-edit">{html}</form>'
    reader.feed(html)
    reader.close()
    # HTML has a line break of its own after <textarea>.
    reader.fields = {
        name: value.removeprefix('\n') if isinstance(value, str) else value for name, value in reader.fields.items()
    }
    return reader
