"""What NetBox's search finds: names, descriptions, and whatever a spec says."""

from netbox.search import SearchIndex

from .models import RESOURCE_MODELS, GitCredential, GitRepository, HedgehogFabric, Resource

__all__ = ('GitCredentialIndex', 'GitRepositoryIndex', 'HedgehogFabricIndex', 'ResourceIndex', 'indexes')


class GitRepositoryIndex(SearchIndex):
    """Repositories."""

    model = GitRepository
    fields = (('name', 100), ('url', 300), ('description', 500), ('comments', 5000))
    display_attrs = ('url', 'default_branch', 'description')


class GitCredentialIndex(SearchIndex):
    """Credentials, without their secrets."""

    model = GitCredential
    fields = (
        ('name', 100),
        ('host', 300),
        ('reference', 300),
        ('username', 400),
        ('app_id', 400),
        ('description', 500),
        ('comments', 5000),
    )
    display_attrs = ('type', 'host', 'description')


class HedgehogFabricIndex(SearchIndex):
    """Fabrics."""

    model = HedgehogFabric
    fields = (('name', 100), ('slug', 110), ('directory', 300), ('description', 500), ('comments', 5000))
    display_attrs = ('repository', 'branch', 'directory', 'mode', 'description')


class ResourceIndex(SearchIndex):
    """Resources of any kind. The spec is there for its addresses, VLANs and ports."""

    fields = (('name', 100), ('description', 500), ('spec', 2000), ('comments', 5000))
    display_attrs = ('fabric', 'namespace', 'description')


def _index_for(model: type[Resource]) -> type[ResourceIndex]:
    attributes = {'__module__': __name__, '__doc__': f'Resources of the kind {model.kind.name}.', 'model': model}
    return type(f'{model.__name__}Index', (ResourceIndex,), attributes)


indexes = [GitRepositoryIndex, GitCredentialIndex, HedgehogFabricIndex, *map(_index_for, RESOURCE_MODELS)]
