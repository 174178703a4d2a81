"""Write the page of the documentation that lists every rule, after a change of the rules."""

import html
import sys
from collections.abc import Iterable

from netbox_hedgehog.catalog import KINDS, Rule, Scope
from netbox_hedgehog.catalog.rules import EVERY_KIND, SETTINGS_RULES, rules_of
from netbox_hedgehog.validation import RULES as FILE_RULES

from .checkout import ROOT
from .report import say

__all__ = ('PAGE', 'main', 'page')

PAGE = ROOT / 'docs' / 'operator' / 'rules.md'
_HEAD = """\
# Rules

Every rule by which manifests and resources are judged; written by `make rules-page` from the rules themselves. The id
is what [`hedgehog-validate`](validate.md) and the records of passes name. In NetBox, *All fields* on the form of a
resource leads to the fields and the rules of its kind. [What is checked where](../engineer/checks.md) tells what
follows from a finding.

- *error*: the fabric refuses it. *warning*: the fabric accepts it, or only a live cluster can know; look at it.
- *document*: seen in the document alone. *resource*: in the resource, with the [settings](fabric-settings.md) of its
  fabric. *fabric*: beside the other resources; while a design is under way, errors of this scope count as warnings.
"""
_TABLE = '| Rule | Severity | Scope | What it says |\n|---|---|---|---|\n'


def page() -> str:
    """Return the text of the page."""
    kinds = sorted(KINDS.values(), key=lambda kind: kind.name)
    bare = [kind.name for kind in kinds if not rules_of(kind)]
    sections = [
        _section('Files and documents', FILE_RULES.values()),
        _section('Every kind', EVERY_KIND),
        *(_section(kind.name, rules_of(kind)) for kind in kinds if rules_of(kind)),
        f'## Others\n\n{" and ".join(bare)} have no rules but those of every kind.\n',
        _section('Settings of a fabric', SETTINGS_RULES.values()),
    ]
    return '\n'.join([_HEAD, *sections])


def main() -> int:
    """Write the page."""
    PAGE.write_text(page(), encoding='utf-8')
    say(f'wrote {PAGE.relative_to(ROOT)}')
    return 0


def _section(title: str, rules: Iterable[Rule]) -> str:
    return f'## {title}\n\n{_TABLE}{"".join(map(_row, rules))}'


def _row(rule: Rule) -> str:
    # That of settings has no scope beside the heading.
    scope = '' if rule.scope is Scope.SETTINGS else rule.scope.value
    summary = html.escape(rule.summary, quote=False).replace('|', '\\|')
    return f'| `{rule.id}` | {rule.severity.value} | {scope} | {summary} |\n'


if __name__ == '__main__':
    sys.exit(main())
