"""NetBox's standard tests of pages: for fabrics, repositories, credentials and all fifteen kinds."""

import json

from utilities.testing import ViewTestCases, create_tags

from netbox_hedgehog.models import (
    RESOURCE_MODELS,
    FabricModeChoices,
    GitCredential,
    GitRepository,
    HedgehogFabric,
    Resource,
)
from netbox_hedgehog.tests.specimens import SPECIMENS, make_credential, make_fabric, make_repository, make_resources


class StandardViews(ViewTestCases.PrimaryObjectViewTestCase):
    """The standard tests, with our addresses, and with data of its own for editing where identity is fixed."""

    __test__ = False
    edit_data: dict = {}

    def _get_base_url(self):
        return f'plugins:netbox_hedgehog:{self.model._meta.model_name}_{{}}'

    def setUp(self):
        super().setUp()
        if self._testMethodName.startswith('test_edit_object'):
            self.form_data = {**self.form_data, **self.edit_data}


class GitRepositoryViews(StandardViews):
    __test__ = True
    model = GitRepository

    @classmethod
    def setUpTestData(cls):
        repositories = [make_repository(f'Repository {number}') for number in (1, 2, 3)]
        credential = make_credential()
        tags = create_tags('Alpha', 'Bravo')
        cls.form_data = {
            'name': 'Repository X',
            'url': 'https://git.example.com/fabrics/x',
            'default_branch': 'trunk',
            'forge': 'github',
            'credential': credential.pk,
            'description': 'Another one',
            'comments': 'Kept by the network team',
            'tags': [tag.pk for tag in tags],
        }
        cls.csv_data = (
            'name,url,default_branch,forge,credential',
            'Repository 4,https://git.example.com/fabrics/4,main,github,Robot',
            'Repository 5,https://git.example.com/fabrics/5,trunk,git,',
            'Repository 6,https://git.example.com/fabrics/6,,,',
        )
        cls.csv_update_data = (
            'id,description',
            *(f'{repository.pk},Number {repository.pk}' for repository in repositories),
        )
        cls.bulk_edit_data = {
            'description': 'All alike',
            'default_branch': 'trunk',
            'forge': 'github',
            'credential': credential.pk,
        }


class GitCredentialViews(StandardViews):
    __test__ = True
    model = GitCredential
    # It is encrypted and not shown: see test_credentials.
    validation_excluded_fields = ('secret',)

    @classmethod
    def setUpTestData(cls):
        credentials = [make_credential(f'Credential {number}') for number in (1, 2, 3)]
        tags = create_tags('Alpha', 'Bravo')
        cls.form_data = {
            'name': 'Credential X',
            'type': 'token',
            'host': 'git.example.com:8443',
            'username': 'robot',
            'secret': 'another-token',
            'description': 'Another one',
            'comments': 'Kept by the network team',
            'tags': [tag.pk for tag in tags],
        }
        cls.csv_data = (
            'name,type,host,app_id,reference',
            'Credential 4,token,github.com,,',
            'Credential 5,app,github.com,1234,',
            'Credential 6,environment,github.com,,HEDGEHOG_TOKEN',
        )
        cls.csv_update_data = (
            'id,description',
            *(f'{credential.pk},Number {credential.pk}' for credential in credentials),
        )
        cls.bulk_edit_data = {'description': 'All alike', 'username': 'robot'}


class HedgehogFabricViews(StandardViews):
    __test__ = True
    model = HedgehogFabric

    @classmethod
    def setUpTestData(cls):
        repository = make_repository(forge='github')
        fabrics = [make_fabric(f'Fabric {number}', repository) for number in (1, 2, 3)]
        tags = create_tags('Alpha', 'Bravo')
        cls.form_data = {
            'name': 'Fabric X',
            'slug': 'fabric-x',
            'repository': repository.pk,
            'branch': 'main',
            'directory': 'sites/x',
            'mode': FabricModeChoices.OBSERVE,
            'commit_window_seconds': 10,
            'write_method': 'pull-request',
            'authorship': 'verified',
            'reviewers': 'ada,grace',
            'deletion_limit': 5,
            'deletion_percent': 20,
            'release': '25.05',
            'is_installed': False,
            'is_draft': True,
            'reserved_subnets': '10.96.0.0/16,192.168.200.0/24',
            'management_subnet': '192.168.200.0/24',
            'management_dhcp_start': '192.168.200.128',
            'management_dhcp_end': '192.168.200.254',
            'control_vip': '192.168.200.1/32',
            'vpc_irb_vlan_ranges': '3000-3500,3600',
            'spine_asn': 4200000000,
            'fabric_mtu': 9000,
            'enable_gateway': True,
            'description': 'Another one',
            'tags': [tag.pk for tag in tags],
        }
        cls.csv_data = (
            'name,slug,repository,directory,mode,write_method,authorship,reviewers,release,is_draft,spine_asn',
            'Fabric 4,fabric-4,Manifests,sites/4,active,push,author,,26.03,false,65100',
            'Fabric 5,fabric-5,Manifests,sites/5,observe,pull-request,verified,"ada,grace",newer,true,4200000000',
            'Fabric 6,fabric-6,Manifests,,,,,,,,',
        )
        cls.csv_update_data = ('id,description', *(f'{fabric.pk},Number {fabric.pk}' for fabric in fabrics))
        cls.bulk_edit_data = {
            'description': 'All alike',
            'mode': FabricModeChoices.PAUSED,
            'write_method': 'pull-request',
            'authorship': 'verified',
            'reviewers': 'ada',
            'deletion_limit': 3,
            'release': '25.01',
            'is_installed': True,
            'is_draft': False,
        }


class ResourceViews(StandardViews):
    """The tests of one kind. NetBox compares what it sent with what was saved; maps are compared in `test_forms`."""

    validation_excluded_fields = ('spec', 'labels', 'annotations')

    @classmethod
    def setUpTestData(cls):
        specimen = SPECIMENS[cls.model.kind.name]
        fabric = make_fabric()
        resources = make_resources(cls.model, fabric)
        tags = create_tags('Alpha', 'Bravo')
        cls.form_data = {
            'fabric': fabric.pk,
            'namespace': 'default',
            'name': 'item-x',
            'description': 'Another one',
            'labels': 'tier: gold',
            'annotations': '{}',
            'spec': json.dumps(specimen.update),
            'tags': [tag.pk for tag in tags],
        }
        cls.edit_data = {'name': resources[0].name}
        cls.csv_data = {
            'with a spec': (
                'fabric,name,spec,description',
                *(
                    f'lab,{name},"{json.dumps(spec).replace(chr(34), chr(34) * 2)}",Imported'
                    for name, spec in zip(specimen.new_names, specimen.specs, strict=True)
                ),
            ),
        }
        cls.csv_update_data = ('id,description', *(f'{resource.pk},New {resource.pk}' for resource in resources))
        cls.bulk_edit_data = {'description': 'All alike'}

    def _get_csv_data(self, scenario_name='with a spec'):
        return super()._get_csv_data(scenario_name)

    def test_export_objects(self):
        """In place of NetBox's test: a model that can write YAML is exported as YAML."""
        self.add_permissions(f'netbox_hedgehog.view_{self.model._meta.model_name}')
        response = self.client.get(f'{self._get_url("list")}?export')
        self.assertHttpStatus(response, 200)
        assert response.get('Content-Type') == 'text/yaml'
        documents = response.content.decode().split('---\n')
        assert len(documents) == 3
        for document in documents:
            assert document.startswith(f'apiVersion: {self.model.kind.api_version}\nkind:')
        response = self.client.get(f'{self._get_url("list")}?export=table')
        self.assertHttpStatus(response, 200)
        assert response.get('Content-Type') == 'text/csv; charset=utf-8'


def _views_of(model: type[Resource]) -> type[ResourceViews]:
    return type(f'{model.__name__}Views', (ResourceViews,), {'model': model, '__module__': __name__, '__test__': True})


globals().update({f'{model.__name__}Views': _views_of(model) for model in RESOURCE_MODELS})
