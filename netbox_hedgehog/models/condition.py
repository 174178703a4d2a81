"""How a fabric stands, in one sentence: what its list and its page say first."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .choices import ConnectionStatusChoices, FabricModeChoices, ProposalStatusChoices, SyncStatusChoices
from .fabric import FabricState, HedgehogFabric
from .state import GitFile, SyncState

__all__ = ('HELD', 'SETTLED', 'WAITING', 'Condition', 'condition_of', 'count_states', 'with_counts')

# What waits for a person without being a clash of two edits.
HELD = (SyncStatusChoices.HELD, SyncStatusChoices.QUARANTINED)
# What waits for a person at all.
WAITING = (SyncStatusChoices.CONFLICT, *HELD)
# What was compared and found equal.
SETTLED = (SyncStatusChoices.SYNCED, SyncStatusChoices.INVALID)


@dataclass(frozen=True, slots=True)
class Condition:
    """What to say about a fabric, and the colour to say it in. `is_equal` is claimed only of what was compared."""

    text: str
    colour: str
    is_equal: bool = False


def with_counts(fabrics: QuerySet[HedgehogFabric]) -> QuerySet[HedgehogFabric]:
    """Annotate fabrics with the number of their resources, and of those that stand in a way that is to be told."""
    return fabrics.annotate(
        resource_count=_count(),
        pending_count=_count(SyncStatusChoices.PENDING),
        proposed_count=_count(SyncStatusChoices.PROPOSED),
        unknown_count=_count(SyncStatusChoices.UNKNOWN),
        conflict_count=_count(SyncStatusChoices.CONFLICT),
        held_count=_count(*HELD),
        invalid_count=_count(SyncStatusChoices.INVALID),
        file_count=_count_files(),
    )


def _count(*statuses: str) -> Coalesce:
    states = SyncState.objects.filter(fabric=OuterRef('pk'))
    if statuses:
        states = states.filter(status__in=statuses)
    counted = states.order_by().values('fabric').annotate(count=Count('pk')).values('count')
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _count_files() -> Coalesce:
    files = GitFile.objects.filter(fabric=OuterRef('pk')).exclude(problems=[])
    counted = files.order_by().values('fabric').annotate(count=Count('pk')).values('count')
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def count_states(fabric: HedgehogFabric) -> dict[str, dict[str, int]]:
    """Return, by kind and status, how many resources of a fabric stand so; one query."""
    counts: dict[str, dict[str, int]] = {}
    rows = SyncState.objects.filter(fabric=fabric).values_list('kind', 'status').annotate(count=Count('pk'))
    for kind, status, count in rows.order_by():
        counts.setdefault(kind, {})[status] = count
    return counts


def condition_of(mode: str, state: FabricState | None, counts: Mapping[str, int], unreadable: int = 0) -> Condition:
    """Judge a fabric by its mode, its record, the number of its resources by status, and its unreadable files."""
    if mode != FabricModeChoices.ACTIVE:
        return Condition(str(dict(FabricModeChoices)[mode]), FabricModeChoices.colors[mode])
    if state and state.error:
        return _trouble(state)
    if state is None or not state.commit:
        return Condition(_('Not synchronised yet'), 'gray')
    conflicts = counts.get(SyncStatusChoices.CONFLICT, 0)
    held = sum(counts.get(status, 0) for status in HELD)
    proposed = counts.get(SyncStatusChoices.PROPOSED, 0)
    others = sum(count for status, count in counts.items() if status not in SETTLED) - conflicts - held - proposed
    number = state.proposal.get('number', 0)
    if number and state.proposal.get('status') == ProposalStatusChoices.CLOSED and not conflicts:
        text = _('Pull request #{number} was closed: propose again or discard')
        return Condition(text.format(number=number), 'orange')
    for count, text, colour in (
        (conflicts, ngettext('{count} conflict', '{count} conflicts', conflicts), 'red'),
        (held, ngettext('{count} held', '{count} held', held), 'orange'),
        (unreadable, ngettext('{count} file not taken over', '{count} files not taken over', unreadable), 'orange'),
        (proposed, _('{count} proposed in pull request #{number}'), 'purple'),
        (others, ngettext('{count} pending', '{count} pending', others), 'blue'),
    ):
        if count:
            return Condition(text.format(count=count, number=number), colour)
    if invalid := counts.get(SyncStatusChoices.INVALID, 0):
        text = ngettext('In sync, {count} invalid', 'In sync, {count} invalid', invalid)
        return Condition(text.format(count=invalid), 'yellow', is_equal=True)
    return Condition(_('In sync'), 'green', is_equal=True)


def _trouble(state: FabricState) -> Condition:
    """Tell a wait that the server asked for, which ends by itself, from what somebody has to mend."""
    if state.connection != ConnectionStatusChoices.LIMITED:
        return Condition(state.get_connection_display(), 'red')
    if state.retry_at is None:
        return Condition(state.get_connection_display(), 'orange')
    time = date_format(timezone.localtime(state.retry_at), 'H:i:s')
    return Condition(_('Waiting for the rate limit until {time}').format(time=time), 'orange')
