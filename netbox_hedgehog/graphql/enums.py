"""Closed sets of values, for the filters. The names in the schema are prefixed, being global."""

import strawberry

from ..models import ChangeActionChoices, FabricModeChoices, RunStatusChoices, RunTriggerChoices

__all__ = ('ChangeActionEnum', 'FabricModeEnum', 'RunStatusEnum', 'RunTriggerEnum')

ChangeActionEnum = strawberry.enum(ChangeActionChoices.as_enum(), name='HedgehogChangeActionEnum')
FabricModeEnum = strawberry.enum(FabricModeChoices.as_enum(), name='HedgehogFabricModeEnum')
RunStatusEnum = strawberry.enum(RunStatusChoices.as_enum(), name='HedgehogRunStatusEnum')
RunTriggerEnum = strawberry.enum(RunTriggerChoices.as_enum(), name='HedgehogRunTriggerEnum')
