"""What an examination of a repository or a fabric found."""

from rest_framework import serializers

__all__ = ('ExaminationSerializer',)


class FindingSerializer(serializers.Serializer):
    """The answer to one question; `remedy` says what to do, where the verdict is not `ok`."""

    check = serializers.CharField()
    verdict = serializers.ChoiceField(choices=('ok', 'warning', 'failed', 'skipped'))
    message = serializers.CharField()
    remedy = serializers.CharField(allow_blank=True)


class ExaminationSerializer(serializers.Serializer):
    """All findings; `ok` says that nothing failed, warnings do not count."""

    ok = serializers.BooleanField()
    findings = FindingSerializer(many=True)
