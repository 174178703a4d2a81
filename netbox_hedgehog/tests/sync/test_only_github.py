"""What only GitHub can do is refused elsewhere, from either end: the fabric's settings and the repository's."""

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.test import TestCase, override_settings

from netbox_hedgehog.models import (
    AuthorshipChoices,
    FabricState,
    ForgeChoices,
    GitRepository,
    HedgehogFabric,
    WriteMethodChoices,
)
from netbox_hedgehog.tests.sync.base import SyncFixture
from netbox_hedgehog.tests.sync.github_base import GitHubFixture

WANTED = {'write_method': WriteMethodChoices.PULL_REQUEST, 'authorship': AuthorshipChoices.VERIFIED}


class FabricTests(SyncFixture, TestCase):
    def refused_for(self, **fields) -> set[str]:
        fabric = HedgehogFabric.objects.get()
        for name, value in fields.items():
            setattr(fabric, name, value)
        with pytest.raises(ValidationError) as refused:
            fabric.full_clean()
        return set(refused.value.message_dict)

    def test_a_repository_elsewhere_is_refused_by_the_field_that_needs_github(self):
        for name, value in WANTED.items():
            assert self.refused_for(**{name: value}) == {name}

    def test_an_address_that_the_settings_no_longer_allow_is_a_message_and_no_error(self):
        config = {**settings.PLUGINS_CONFIG['netbox_hedgehog'], 'local_repository_root': ''}
        with override_settings(PLUGINS_CONFIG={**settings.PLUGINS_CONFIG, 'netbox_hedgehog': config}):
            HedgehogFabric.objects.get().full_clean()
            for name, value in WANTED.items():
                assert self.refused_for(**{name: value}) == {name}


class RepositoryTests(GitHubFixture, TestCase):
    def refused_for(self, **fields) -> set[str]:
        repository = GitRepository.objects.get()
        for name, value in fields.items():
            setattr(repository, name, value)
        try:
            repository.full_clean()
        except ValidationError as refused:
            return set(refused.message_dict)
        return set()

    def test_it_stays_on_github_while_a_fabric_needs_it(self):
        assert self.refused_for(forge=ForgeChoices.GIT) == set()
        for name, value in WANTED.items():
            before = getattr(self.fabric, name)
            HedgehogFabric.objects.update(**{name: value})
            assert self.refused_for(forge=ForgeChoices.GIT) == {'forge'}
            assert self.refused_for(description='Still on GitHub') == set()
            HedgehogFabric.objects.update(**{name: before})

    def test_it_stays_on_github_while_a_pull_request_is_open(self):
        state = FabricState.objects.create(fabric=self.fabric, proposal={'number': 7})
        assert self.refused_for(forge=ForgeChoices.GIT) == {'forge'}
        for proposal in ({'number': 0}, {}):
            state.proposal = proposal
            state.save()
            assert self.refused_for(forge=ForgeChoices.GIT) == set()

    def test_an_address_elsewhere_is_refused_as_well(self):
        GitRepository.objects.update(forge='', url='https://github.com/acme/network', credential=None)
        HedgehogFabric.objects.update(**WANTED)
        assert self.refused_for(url='https://git.example.com/acme/network') == {'url'}
        assert self.refused_for(url='https://github.com/acme/other') == set()
