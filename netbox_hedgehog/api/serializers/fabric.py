"""Fabrics in the REST API."""

from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from netbox.api.fields import ChoiceField
from netbox.api.serializers import PrimaryModelSerializer
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from utilities.exceptions import PermissionsViolation

from ...models import (
    SETTINGS,
    AuthorshipChoices,
    ConnectionStatusChoices,
    FabricModeChoices,
    FabricState,
    HedgehogFabric,
    NewRepository,
    ProposalStatusChoices,
    ReleaseChoices,
    WriteMethodChoices,
)
from ...sync.proposal import Proposal
from .repository import GitRepositorySerializer

__all__ = ('FabricStateSerializer', 'HedgehogFabricSerializer')


class ProposalSerializer(serializers.Serializer):
    """The pull request that holds what is not on the branch yet; `because` is the rule that asks for one."""

    number = serializers.IntegerField()
    url = serializers.CharField()
    status = serializers.ChoiceField(choices=ProposalStatusChoices)
    because = serializers.CharField()


class FabricStateSerializer(serializers.ModelSerializer):
    """How a fabric stands: the commit at which both sides were compared, when, and how its repository answered."""

    connection = serializers.ChoiceField(choices=ConnectionStatusChoices, read_only=True)
    proposal = serializers.SerializerMethodField()

    class Meta:
        model = FabricState
        fields = (
            'commit',
            'compared_at',
            'verified_at',
            'connection',
            'error',
            'error_since',
            'retry_at',
            'proposal',
        )
        read_only_fields = fields

    @extend_schema_field(ProposalSerializer(allow_null=True))
    def get_proposal(self, state: FabricState) -> dict[str, Any] | None:
        """Return the pull request, if there is one."""
        proposal = Proposal.of(state)
        return ProposalSerializer(proposal).data if proposal.exists else None


class HedgehogFabricSerializer(PrimaryModelSerializer):
    """A fabric; `state` is written by the synchroniser alone.

    A new one takes an address and a token in place of a repository.
    """

    repository = GitRepositorySerializer(
        nested=True, required=False, help_text=_('Required, unless git_repository_url is given.')
    )
    git_repository_url = serializers.CharField(
        write_only=True,
        required=False,
        max_length=500,
        help_text=_('The address of a repository, which is added unless it is there already. Only for a new fabric.'),
    )
    git_token = serializers.CharField(
        write_only=True,
        required=False,
        allow_blank=True,
        help_text=_('A token for that repository; a new credential for its server holds it.'),
    )
    git_branch = serializers.CharField(
        write_only=True,
        required=False,
        allow_blank=True,
        help_text=_('The branch of the fabric, and the default branch of a repository that is added.'),
    )
    mode = ChoiceField(choices=FabricModeChoices, required=False)
    write_method = ChoiceField(choices=WriteMethodChoices, required=False)
    authorship = ChoiceField(choices=AuthorshipChoices, required=False)
    release = ChoiceField(choices=ReleaseChoices, required=False)
    state = serializers.SerializerMethodField()

    class Meta:
        model = HedgehogFabric
        fields = (
            'id',
            'url',
            'display_url',
            'display',
            'name',
            'slug',
            'repository',
            'git_repository_url',
            'git_token',
            'git_branch',
            'branch',
            'directory',
            'mode',
            'commit_window_seconds',
            'write_method',
            'authorship',
            'reviewers',
            'deletion_limit',
            'deletion_percent',
            *SETTINGS,
            'state',
            'description',
            'owner',
            'comments',
            'tags',
            'custom_fields',
            'created',
            'last_updated',
        )
        brief_fields = ('id', 'url', 'display', 'name', 'slug', 'description')
        # Defaults and the normal form of the directory come from the model's clean().
        model_clean_fields = ('branch', 'directory')

    def validate(self, data: Any) -> Any:
        """Prepare the repository whose address is given, so that the fabric can be checked against it."""
        self._new_repository: NewRepository | None = None
        if self.nested:
            return super().validate(data)
        given = {name: data.pop(f'git_{name}', '') for name in ('repository_url', 'token', 'branch')}
        if any(given.values()):
            data |= self._prepare(data, **given)
        elif 'repository' not in data and not self.partial:
            raise serializers.ValidationError({'repository': self.fields['repository'].error_messages['required']})
        return super().validate(data)

    def _prepare(self, data: dict[str, Any], repository_url: str, token: str, branch: str) -> dict[str, Any]:
        if self.instance:
            message = _('Only for a new fabric; change the repository or its credential instead.')
            raise serializers.ValidationError({'git_repository_url': message})
        if 'repository' in data or not repository_url:
            message = _('Give a repository, or git_repository_url with or without git_token and git_branch.')
            raise serializers.ValidationError({'git_repository_url': message})
        if branch and data.get('branch', branch) != branch:
            raise serializers.ValidationError({'git_branch': _('This is another branch than the field branch names.')})
        branch = branch or data.get('branch', '')
        fields = {'url': 'git_repository_url', 'token': 'git_token', 'branch': 'git_branch'}
        try:
            new = NewRepository.prepare(self.context['request'].user, repository_url, token, branch)
        except ValidationError as refused:
            errors = {fields[name]: messages for name, messages in refused.message_dict.items()}
            raise serializers.ValidationError(errors) from refused
        self._new_repository = new
        return {'repository': new.repository, 'branch': branch}

    def create(self, validated_data: dict[str, Any]) -> HedgehogFabric:
        """Store the new repository, then the fabric; all of it or nothing."""
        with transaction.atomic():
            if self._new_repository:
                try:
                    validated_data['repository'] = self._new_repository.save()
                except PermissionsViolation as violation:
                    raise PermissionDenied(violation.message) from violation
            return super().create(validated_data)

    @extend_schema_field(FabricStateSerializer)
    def get_state(self, fabric: HedgehogFabric) -> dict[str, Any]:
        """Return the fabric's state, that of a fabric never looked at included."""
        try:
            state = fabric.state
        except ObjectDoesNotExist:
            state = FabricState(fabric=fabric)
        return FabricStateSerializer(state).data
