"""A fabric with its repository and its token in one step, by form and by REST: all of it, or nothing."""

import json

from core.models import Job, ObjectChange
from utilities.testing import TestCase

from netbox_hedgehog.models import GitCredential, GitRepository, HedgehogFabric
from netbox_hedgehog.models.secrets import decrypt
from netbox_hedgehog.tests.faces.api_client import ApiClient
from netbox_hedgehog.tests.specimens import make_credential, make_fabric, make_repository

SECRET = 'github_pat_11VERYSECRET'
URL = 'https://github.com/acme/network'
ADD = '/plugins/hedgehog/fabrics/add/'
ALL = ('add_hedgehogfabric', 'view_gitrepository', 'add_gitrepository', 'add_gitcredential')


def stored():
    return [model.objects.count() for model in (GitCredential, GitRepository, HedgehogFabric)]


def assert_hidden():
    """Look for the token, and for what it is stored as, in the change log and in the jobs."""
    texts = [json.dumps([change.prechange_data, change.postchange_data]) for change in ObjectChange.objects.all()]
    texts += [str(job.data) for job in Job.objects.all()]
    for text in texts:
        assert SECRET not in text
        for credential in GitCredential.objects.exclude(_secret=''):
            assert credential._secret not in text


class FormTests(TestCase):
    def setUp(self):
        super().setUp()
        self.allow(*ALL)

    def allow(self, *names):
        self.add_permissions(*(f'netbox_hedgehog.{name}' for name in names))

    def data(self, **fields):
        return {
            'name': 'Lab',
            'slug': 'lab',
            'mode': 'active',
            'commit_window_seconds': 2,
            'write_method': 'push',
            'authorship': 'author',
            'deletion_limit': 10,
            'deletion_percent': 50,
            'release': '26.03',
            'git_repository_url': URL,
            'git_token': SECRET,
            **fields,
        }

    def assert_saves(self, **fields):
        response = self.client.post(ADD, self.data(**fields))
        assert response.status_code == 302, response.context['form'].errors
        assert_hidden()
        return HedgehogFabric.objects.get(name='Lab')

    def errors_of(self, **fields):
        before = stored()
        response = self.client.post(ADD, self.data(**fields))
        self.assertHttpStatus(response, 200)
        assert SECRET not in response.content.decode()
        assert stored() == before
        return response.context['form'].errors

    def test_an_address_a_token_and_a_branch_are_enough(self):
        fabric = self.assert_saves(branch='trunk', write_method='pull-request')
        repository = fabric.repository
        credential = repository.credential
        assert (fabric.branch, fabric.directory) == ('trunk', 'fabrics/lab/gitops')
        assert (repository.name, repository.url, repository.default_branch) == ('acme/network', URL, 'trunk')
        assert (credential.name, credential.type, credential.host) == ('acme/network', 'token', 'github.com')
        assert decrypt(credential._secret) == SECRET
        actions = ObjectChange.objects.values_list('changed_object_type__model', 'action', 'user_name')
        assert set(actions) == {
            (name, 'create', self.user.username) for name in ('gitcredential', 'gitrepository', 'hedgehogfabric')
        }

    def test_without_a_branch_it_is_main_and_without_a_token_there_is_no_credential(self):
        fabric = self.assert_saves(git_token='')
        assert (fabric.branch, fabric.repository.default_branch) == ('main', 'main')
        assert fabric.repository.credential is None

    def test_the_page_offers_both_ways(self):
        response = self.client.get(ADD, {'git_token': SECRET})
        assert {'repository', 'git_repository_url', 'git_token'} <= set(response.context['form'].fields)
        assert SECRET not in response.content.decode()
        self.allow('change_hedgehogfabric')
        response = self.client.get(f'/plugins/hedgehog/fabrics/{make_fabric().pk}/edit/')
        assert not {'git_repository_url', 'git_token'} & set(response.context['form'].fields)

    def test_a_repository_that_is_there_is_found_by_its_address(self):
        repository = make_repository(url=f'{URL}.git', default_branch='trunk')
        fabric = self.assert_saves(git_repository_url='https://GitHub.com/acme//network/', git_token='')
        assert (fabric.repository, fabric.branch) == (repository, 'trunk')
        assert GitRepository.objects.count() == 1

    def test_a_found_repository_without_a_credential_gets_one_from_whoever_may_change_it(self):
        repository = make_repository(url=URL)
        assert set(self.errors_of()) == {'git_token'}
        self.allow('change_gitrepository')
        self.assert_saves()
        repository.refresh_from_db()
        assert decrypt(repository.credential._secret) == SECRET
        change = ObjectChange.objects.get(changed_object_type__model='gitrepository', action='update')
        assert change.prechange_data['credential'] is None
        assert change.postchange_data['credential'] == repository.credential.pk

    def test_a_found_repository_keeps_the_credential_it_has(self):
        self.allow('change_gitrepository')
        make_repository(url=URL, credential=make_credential(host='github.com'))
        (message,) = self.errors_of()['git_token']
        assert 'Robot' in message
        assert self.assert_saves(git_token='').repository.credential.name == 'Robot'

    def test_a_found_repository_that_may_not_be_viewed_is_not_given_away(self):
        make_repository('Hidden', url=URL)
        self.remove_permissions('netbox_hedgehog.view_gitrepository')
        (message,) = self.errors_of(git_token='')['git_repository_url']
        assert 'Hidden' not in message

    def test_a_name_that_is_taken_gets_a_number(self):
        make_repository('acme/network')
        make_credential('acme/network')
        fabric = self.assert_saves()
        assert fabric.repository.name == 'acme/network (2)'
        assert fabric.repository.credential.name == 'acme/network (2)'

    def test_one_way_is_to_be_chosen(self):
        repository = make_repository()
        assert set(self.errors_of(repository=repository.pk)) == {'git_repository_url'}
        assert set(self.errors_of(git_repository_url='')) == {'git_repository_url'}
        assert set(self.errors_of(git_repository_url='', git_token='')) == {'repository'}

    def test_what_is_wrong_stands_at_its_field_and_nothing_is_stored(self):
        for fields, expected in (
            ({'git_repository_url': 'ssh://git@github.com/acme/network'}, {'git_repository_url'}),
            ({'git_repository_url': 'https://github.com/acme'}, {'git_repository_url'}),
            ({'git_repository_url': 'http://github.com/acme/network'}, {'git_repository_url'}),
            ({'git_token': 'two words'}, {'git_token'}),
            ({'branch': 'not a branch'}, {'branch'}),
            ({'directory': '../outside'}, {'directory'}),
            ({'slug': '', 'directory': 'site'}, {'slug'}),
            (
                {'git_repository_url': 'https://git.example.com/acme/network', 'write_method': 'pull-request'},
                {'write_method'},
            ),
        ):
            with self.subTest(**fields):
                assert set(self.errors_of(**fields)) == expected

    def test_an_overlap_in_a_found_repository_is_refused(self):
        fabric = make_fabric('Other', make_repository(url=URL))
        assert set(self.errors_of(git_token='', directory=fabric.directory)) == {'directory'}

    def test_without_the_permissions_nothing_is_offered_and_all_is_refused(self):
        self.remove_permissions('netbox_hedgehog.add_gitcredential')
        assert 'git_token' not in self.client.get(ADD).context['form'].fields
        assert self.errors_of()
        self.assert_saves(git_token='').delete()
        GitRepository.objects.all().delete()
        self.remove_permissions('netbox_hedgehog.add_gitrepository')
        fields = self.client.get(ADD).context['form'].fields
        assert not {'git_repository_url', 'git_token'} & set(fields)
        assert self.errors_of()
        assert self.errors_of(git_token='')

    def test_constraints_of_the_permissions_count(self):
        for model, constraints in (
            ('gitcredential', {'host': 'ghe.example.com'}),
            ('gitrepository', {'url__startswith': 'https://github.com/other/'}),
        ):
            with self.subTest(model=model):
                self.remove_permissions(f'netbox_hedgehog.add_{model}')
                self.add_permissions_with(f'netbox_hedgehog.add_{model}', constraints)
                assert '__all__' in self.errors_of()
                self.remove_permissions(f'netbox_hedgehog.add_{model}')
                self.allow(f'add_{model}')

    def add_permissions_with(self, name, constraints):
        self.add_permissions(name)
        for permission in self.user.object_permissions.filter(actions=['add']):
            if permission.object_types.filter(model=name.rpartition('_')[2]).exists():
                permission.constraints = constraints
                permission.save()
        self.client.force_login(self.user)


class RestTests(TestCase):
    def setUp(self):
        super().setUp()
        self.api = ApiClient()
        self.api.allow(*ALL, 'view_hedgehogfabric', 'change_hedgehogfabric')

    def data(self, **fields):
        data = {'name': 'Lab', 'slug': 'lab', 'git_repository_url': URL, 'git_token': SECRET, **fields}
        return {name: value for name, value in data.items() if value is not None}

    def refuse(self, **fields):
        before = stored()
        response = self.api.post('fabrics/', self.data(**fields))
        assert stored() == before
        assert SECRET not in response.content.decode()
        return response.status_code, set(response.json())

    def test_an_address_a_token_and_a_branch_are_enough(self):
        response = self.api.post('fabrics/', self.data(git_branch='trunk', write_method='pull-request'))
        assert response.status_code == 201, response.content
        answer = response.json()
        assert not [name for name in answer if name.startswith('git_')]
        assert SECRET not in response.content.decode()
        fabric = HedgehogFabric.objects.get(pk=answer['id'])
        assert (fabric.branch, fabric.write_method) == ('trunk', 'pull-request')
        assert answer['repository']['name'] == 'acme/network'
        assert fabric.repository.default_branch == 'trunk'
        assert decrypt(fabric.repository.credential._secret) == SECRET
        assert_hidden()

    def test_a_repository_that_is_there_is_found(self):
        repository = make_repository(url=f'{URL}.git', default_branch='trunk')
        response = self.api.post('fabrics/', self.data(git_token=None))
        assert response.status_code == 201, response.content
        assert response.json()['repository']['id'] == repository.pk
        assert response.json()['branch'] == 'trunk'

    def test_what_is_wrong_is_named_and_nothing_is_stored(self):
        repository = make_repository()
        for fields, expected in (
            ({'repository': repository.pk}, 'git_repository_url'),
            ({'git_repository_url': None}, 'git_repository_url'),
            ({'git_repository_url': None, 'git_token': None}, 'repository'),
            ({'git_repository_url': 'https://user:pw@github.com/acme/network'}, 'git_repository_url'),
            ({'git_token': 'two words'}, 'git_token'),
            ({'git_branch': 'not a branch'}, 'git_branch'),
            ({'git_branch': 'one', 'branch': 'two'}, 'git_branch'),
            ({'directory': '../outside'}, 'directory'),
            (
                {'git_repository_url': 'https://git.example.com/acme/network', 'authorship': 'verified'},
                'authorship',
            ),
        ):
            with self.subTest(**fields):
                assert self.refuse(**fields) == (400, {expected})

    def test_the_permissions_are_needed(self):
        for missing, expected in (('add_gitcredential', 'git_token'), ('add_gitrepository', 'git_repository_url')):
            with self.subTest(missing=missing):
                self.api = ApiClient(f'without {missing}')
                self.api.allow('add_hedgehogfabric', 'view_gitrepository', *(set(ALL[2:]) - {missing}))
                assert self.refuse() == (400, {expected})

    def test_constraints_of_the_permissions_count(self):
        self.api = ApiClient('constrained')
        self.api.allow('add_hedgehogfabric', 'view_gitrepository', 'add_gitrepository')
        self.api.allow('add_gitcredential', constraints={'host': 'ghe.example.com'})
        assert self.refuse()[0] == 403

    def test_many_are_made_or_none(self):
        second = self.data(name='Second', slug='second', git_token=None, directory='fabrics/second/gitops')
        response = self.api.post('fabrics/', [self.data(), second])
        assert response.status_code == 201, response.content
        assert stored() == [1, 1, 2]
        third = self.data(name='Third', slug='third', git_repository_url=f'{URL}-3')
        wrong = self.data(name='Fourth', slug='fourth', git_repository_url='ssh://nowhere')
        assert self.api.post('fabrics/', [third, wrong]).status_code == 400
        assert stored() == [1, 1, 2]

    def test_a_token_is_not_handed_to_a_background_job(self):
        response = self.api.post('fabrics/?background=true', [self.data()])
        assert (response.status_code, set(response.json())) == (400, {'git_token'})
        assert not Job.objects.exists()

    def test_it_is_for_new_fabrics_only(self):
        fabric = make_fabric()
        response = self.api.patch(f'fabrics/{fabric.pk}/', {'git_token': SECRET})
        assert (response.status_code, set(response.json())) == (400, {'git_repository_url'})
        response = self.api.put(f'fabrics/{fabric.pk}/', {'name': 'Lab', 'slug': 'lab'})
        assert (response.status_code, set(response.json())) == (400, {'repository'})
        assert self.api.patch(f'fabrics/{fabric.pk}/', {'description': 'Kept'}).status_code == 200
