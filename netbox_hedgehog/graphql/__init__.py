"""GraphQL: NetBox looks for the list `schema` here."""

from .queries import HedgehogQuery

__all__ = ('schema',)

schema = [HedgehogQuery]
