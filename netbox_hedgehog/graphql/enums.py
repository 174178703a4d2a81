"""Closed sets of values, for the filters. The names in the schema are prefixed, being global."""

import strawberry

from ..models import (
    AuthorshipChoices,
    ChangeActionChoices,
    CredentialTypeChoices,
    FabricModeChoices,
    ForgeChoices,
    ReleaseChoices,
    RunStatusChoices,
    RunTriggerChoices,
    WriteMethodChoices,
)

__all__ = (
    'AuthorshipEnum',
    'ChangeActionEnum',
    'CredentialTypeEnum',
    'FabricModeEnum',
    'ForgeEnum',
    'ReleaseEnum',
    'RunStatusEnum',
    'RunTriggerEnum',
    'WriteMethodEnum',
)

AuthorshipEnum = strawberry.enum(AuthorshipChoices.as_enum(), name='HedgehogAuthorshipEnum')
ChangeActionEnum = strawberry.enum(ChangeActionChoices.as_enum(), name='HedgehogChangeActionEnum')
CredentialTypeEnum = strawberry.enum(CredentialTypeChoices.as_enum(), name='HedgehogCredentialTypeEnum')
FabricModeEnum = strawberry.enum(FabricModeChoices.as_enum(), name='HedgehogFabricModeEnum')
ForgeEnum = strawberry.enum(ForgeChoices.as_enum(), name='HedgehogForgeEnum')
ReleaseEnum = strawberry.enum(ReleaseChoices.as_enum(prefix='release'), name='HedgehogReleaseEnum')
RunStatusEnum = strawberry.enum(RunStatusChoices.as_enum(), name='HedgehogRunStatusEnum')
RunTriggerEnum = strawberry.enum(RunTriggerChoices.as_enum(), name='HedgehogRunTriggerEnum')
WriteMethodEnum = strawberry.enum(WriteMethodChoices.as_enum(), name='HedgehogWriteMethodEnum')
