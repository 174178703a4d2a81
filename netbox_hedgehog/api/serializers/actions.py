"""What the actions of a fabric take, and what they answer."""

from core.api.serializers import JobSerializer
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from ...catalog import DEFAULT_NAMESPACE, KINDS
from ...models import SideChoices
from .exact import ExactSerializer
from .fabric import HedgehogFabricSerializer
from .records import ProblemSerializer

__all__ = (
    'DiscardedSerializer',
    'JobReferenceSerializer',
    'PassQueuedSerializer',
    'PlanSerializer',
    'RefusalSerializer',
    'ResolveRequestSerializer',
    'ResolvedSerializer',
    'SyncRequestSerializer',
)


class SyncRequestSerializer(ExactSerializer):
    """How to synchronise."""

    dry_run = serializers.BooleanField(
        default=False, help_text=_('Answer what a pass would do, and change nothing on either side.')
    )
    complete = serializers.BooleanField(
        default=False, help_text=_('Compare every resource and every manifest, not only what changed.')
    )


class ResolveRequestSerializer(ExactSerializer):
    """Which conflict to settle, and whose value stands."""

    kind = serializers.ChoiceField(choices=tuple(KINDS))
    namespace = serializers.CharField(default=DEFAULT_NAMESPACE)
    name = serializers.CharField()
    path = serializers.CharField(
        required=False,
        allow_blank=True,
        allow_null=True,
        default=None,
        help_text=_('The field, as the conflict names it; left out: all fields of the resource.'),
    )
    side = serializers.ChoiceField(choices=SideChoices)


class JobReferenceSerializer(JobSerializer):
    """Where to follow a background job."""

    class Meta(JobSerializer.Meta):
        fields = ('id', 'url', 'display_url', 'status')
        brief_fields = fields


class PassQueuedSerializer(serializers.Serializer):
    """A pass was queued: the job that makes it, and the fabric."""

    job = JobReferenceSerializer(read_only=True)
    fabric = HedgehogFabricSerializer(nested=True, read_only=True)


class ResolvedSerializer(PassQueuedSerializer):
    """Conflicts were settled, and the pass that carries the decision was queued."""

    resolved = serializers.IntegerField(read_only=True, help_text=_('The number of conflicts that were settled.'))


class DiscardedSerializer(PassQueuedSerializer):
    """What a closed pull request held was given up, and the pass that takes over what Git holds was queued."""

    discarded = serializers.IntegerField(read_only=True, help_text=_('The number of resources that were changed.'))


class RefusalSerializer(serializers.Serializer):
    """Why something was not done, and what to do about it."""

    detail = serializers.CharField(read_only=True)
    remedy = serializers.CharField(read_only=True, required=False)


class PlannedFileSerializer(serializers.Serializer):
    """A file that a pass would write or delete."""

    path = serializers.CharField()
    action = serializers.ChoiceField(choices=('write', 'delete'))
    reason = serializers.CharField()
    resources = serializers.ListField(child=serializers.CharField())


class IdentitySerializer(serializers.Serializer):
    """A resource within its fabric."""

    kind = serializers.CharField()
    namespace = serializers.CharField()
    name = serializers.CharField()


class PlannedRowSerializer(IdentitySerializer):
    """A resource that a pass would create, update or delete in NetBox."""

    action = serializers.ChoiceField(choices=('create', 'update', 'delete'))


class PlannedConflictSerializer(IdentitySerializer):
    """A resource that was changed on both sides."""

    fields = serializers.ListField(child=serializers.CharField())


class PlannedHoldSerializer(IdentitySerializer):
    """A resource that a pass would leave alone until a person acts."""

    reason = serializers.CharField()


class PlanSerializer(serializers.Serializer):
    """What a pass would do on either side, and what waits for a person."""

    head = serializers.CharField(allow_null=True)
    is_empty = serializers.BooleanField()
    counts = serializers.DictField(child=serializers.IntegerField())
    files = PlannedFileSerializer(many=True)
    rows = PlannedRowSerializer(many=True)
    conflicts = PlannedConflictSerializer(many=True)
    held = PlannedHoldSerializer(many=True)
    problems = ProblemSerializer(many=True)
    notices = serializers.ListField(child=serializers.CharField())
