"""What a request has posted, without the secrets in it.

NetBox copies it into the job of an event rule, and Django into the report of an error.
"""

from collections.abc import Collection

from django.http import HttpRequest, QueryDict

__all__ = ('take_secrets',)


def take_secrets(request: HttpRequest, names: Collection[str]) -> QueryDict:
    """Remove fields from what a request has posted, and return all that it has posted."""
    posted = request.POST
    kept = posted.copy()
    for name in posted:
        # A form inside another page has a prefix before its names.
        if name.rpartition('-')[2] in names:
            del kept[name]
    request.POST = kept
    return posted
