"""The names of branches, as people write them and as Git keeps them."""

from dulwich.refs import LOCAL_BRANCH_PREFIX, Ref, check_ref_format

from .errors import AddressRefused

__all__ = ('branch_name', 'branch_ref')


def branch_ref(branch: str) -> Ref:
    """Return Git's name of a branch, or raise `AddressRefused` for what cannot name one."""
    ref = Ref(LOCAL_BRANCH_PREFIX + branch.encode('utf-8', 'replace'))
    if not check_ref_format(ref) or branch.startswith('-'):
        raise AddressRefused(f'{branch!r} cannot be the name of a branch.', 'Correct the name of the branch.')
    return ref


def branch_name(ref: bytes | None) -> str | None:
    """Return the branch that a reference is, or None if it is none."""
    if ref is None or not ref.startswith(LOCAL_BRANCH_PREFIX):
        return None
    return ref.removeprefix(LOCAL_BRANCH_PREFIX).decode('utf-8', 'replace')
