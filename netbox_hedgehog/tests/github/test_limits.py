"""The documented limits, counted for each owner of tokens."""

import pytest

AT = '/repos/acme/network'


def read(client):
    return client.get(f'{AT}/git/ref/heads/main')


def write(client, number=0):
    return client.ask('POST', f'{AT}/git/blobs', {'content': f'{number}'})


def test_every_answer_tells_what_is_left(client, repository, clock):
    headers = read(client).headers
    assert (headers['x-ratelimit-limit'], headers['x-ratelimit-remaining'], headers['x-ratelimit-used']) == (
        '5000',
        '4999',
        '1',
    )
    assert headers['x-ratelimit-resource'] == 'core'
    assert int(headers['x-ratelimit-reset']) == int(clock().timestamp()) + 3600


def test_tokens_of_one_owner_share_an_hour(client, repository, forge):
    forge.add_token('ghp_second')
    forge.add_token('ghp_stranger', login='ann')
    read(client)
    client.token = 'ghp_second'
    assert read(client).headers['x-ratelimit-used'] == '2'
    client.token = 'ghp_stranger'
    assert read(client).headers['x-ratelimit-used'] == '1'


def test_an_exhausted_hour_refuses_until_it_is_over(client, repository, forge, clock):
    forge.limits.exhaust('hedgehog-bot', clock())
    answer = read(client)
    assert answer.status_code == 403
    assert answer.json()['message'].startswith('API rate limit exceeded')
    assert answer.headers['x-ratelimit-remaining'] == '0'
    assert 'retry-after' not in answer.headers
    clock.pass_(hours=1)
    assert read(client).status_code == 200


def test_graphql_tells_of_its_hour_with_status_200(client, repository, forge, clock):
    forge.limits.exhaust('hedgehog-bot', clock(), 'graphql')
    assert client.query('{ viewer { login } }')['errors'][0]['type'] == 'RATE_LIMITED'
    assert read(client).status_code == 200


def test_more_than_eighty_writes_in_a_minute_are_refused(client, repository, clock):
    assert all(write(client, number).status_code == 201 for number in range(80))
    answer = write(client)
    assert answer.status_code == 403
    assert 'secondary rate limit' in answer.json()['message']
    assert int(answer.headers['retry-after']) == 61
    clock.pass_(seconds=61)
    assert write(client).status_code == 201


def test_more_than_five_hundred_writes_in_an_hour_are_refused(client, repository, clock):
    for number in range(500):
        assert write(client, number).status_code == 201
        clock.pass_(seconds=1)
    assert 'secondary rate limit' in write(client).json()['message']


def test_points_of_a_minute_are_counted(client, repository, forge):
    forge.limits.points_per_minute = 10
    assert write(client).status_code == 201
    assert [read(client).status_code for _ in range(6)] == [200] * 5 + [403]
    assert forge.limits.refused == 1


def test_asking_what_is_left_is_free(client, repository):
    read(client)
    told = [client.get('/rate_limit').json()['resources']['core']['used'] for _ in range(2)]
    assert told == [1, 1]


def test_limits_may_be_off_as_on_an_enterprise_server(client, repository, forge):
    forge.limits.enabled = False
    assert 'x-ratelimit-limit' not in read(client).headers
    assert client.get('/rate_limit').status_code == 404
    assert all(write(client, number).status_code == 201 for number in range(90))


@pytest.mark.parametrize(('method', 'points', 'is_write'), [('GET', 1, False), ('POST', 5, True)])
def test_requests_are_recorded_with_their_price(client, repository, forge, method, points, is_write):
    write(client) if method == 'POST' else read(client)
    (record,) = forge.requests
    assert (record.method, record.points, record.is_write) == (method, points, is_write)
    assert record.operation == ('git/create-blob' if is_write else 'git/get-ref')
