"""Answers of the REST API for what NetBox has no answer of its own."""

from django.utils.translation import gettext_lazy as _
from rest_framework import status
from rest_framework.exceptions import APIException

from ..catalog.allocation import Unavailable
from ..models import HedgehogFabric
from ..models.deletion import Tie
from ..models.secrets import SecretUnreadable
from ..repositories import RepositoryError

__all__ = (
    'FabricNotActive',
    'NothingFree',
    'NothingToDecide',
    'RepositoryUnusable',
    'ResourceTied',
    'StoredSecretUnreadable',
)


class FabricNotActive(APIException):
    """The fabric is paused or only observed, so that a pass would not do what is asked."""

    status_code = status.HTTP_409_CONFLICT

    def __init__(self, fabric: HedgehogFabric) -> None:
        message = _('Fabric {name} is in mode {mode}; set it to active first.')
        super().__init__(message.format(name=fabric.name, mode=fabric.get_mode_display().lower()))


class NothingToDecide(APIException):
    """The fabric has no pull request that was closed without being merged."""

    status_code = status.HTTP_409_CONFLICT
    default_detail = _('There is no pull request of this fabric that was closed without being merged.')


class NothingFree(APIException):
    """What is asked for is not free any more, or nobody can tell: what is missing, and what to do about it."""

    status_code = status.HTTP_409_CONFLICT

    def __init__(self, error: Unavailable) -> None:
        super().__init__(str(error))


class ResourceTied(APIException):
    """Other resources refer to what is to be deleted: which ones, as far as the user may see them, and what to do."""

    status_code = status.HTTP_409_CONFLICT

    def __init__(self, tie: Tie) -> None:
        super().__init__(tie.refusal)


class RepositoryUnusable(APIException):
    """The repository did not answer, or not well: what happened, and what to do about it."""

    status_code = status.HTTP_503_SERVICE_UNAVAILABLE

    def __init__(self, error: RepositoryError) -> None:
        super().__init__({'detail': error.message, 'remedy': error.remedy})


class StoredSecretUnreadable(APIException):
    """A secret that is needed was encrypted with a key that is no longer configured."""

    status_code = status.HTTP_409_CONFLICT

    def __init__(self, error: SecretUnreadable) -> None:
        super().__init__({'detail': str(error), 'remedy': error.remedy})
