"""What the rules of a branch mean for a commit made by a program."""

from collections.abc import Collection
from dataclasses import dataclass

__all__ = ('Obstacles', 'obstacles')

# Rules that only a pull request satisfies.
_BY_PROPOSAL = frozenset(
    {
        'code_scanning',
        'merge_queue',
        'pull_request',
        'required_deployments',
        'required_status_checks',
        'update',
        'workflows',
    }
)

_SIGNED = 'required_signatures'

# Rules that a commit may satisfy or not, depending on what it says and what it holds.
_BY_CONTENT = frozenset(
    {
        'branch_name_pattern',
        'commit_author_email_pattern',
        'commit_message_pattern',
        'committer_email_pattern',
        'file_extension_restriction',
        'file_path_restriction',
        'max_file_path_length',
        'max_file_size',
    }
)


@dataclass(frozen=True, slots=True)
class Obstacles:
    """The kinds of rules in the way of a plain commit, by what would satisfy them.

    Who may bypass a rule is not visible, so the server may accept what a rule forbids: its answer decides.
    """

    proposal: tuple[str, ...]
    signature: bool
    content: tuple[str, ...]


def obstacles(kinds: Collection[str]) -> Obstacles:
    """Sort the kinds of the rules of a branch; those that no commit of ours breaks are left out."""
    present = frozenset(kinds)
    return Obstacles(
        proposal=tuple(sorted(present & _BY_PROPOSAL)),
        signature=_SIGNED in present,
        content=tuple(sorted(present & _BY_CONTENT)),
    )
