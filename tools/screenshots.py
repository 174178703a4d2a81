"""Take the documentation's pictures of the running demonstrations."""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, sync_playwright

from .api import Api, fetch
from .browser import find_browser, launch_flags
from .checkout import IMAGES, ROOT
from .demo import directories
from .errors import NotReady, ToolError
from .history import FABRIC
from .netbox import PLUGIN_API
from .report import fail, say

__all__ = ('SHOTS', 'main')

WIDTH, HEIGHT = 1440, 900
PROPOSAL_SECONDS = 60

# A picture says nothing of the machine it was taken on.
_PUBLISHED = {'directory': '/srv/hedgehog', 'forge': 'github.example.com', 'netbox': 'netbox.example.com'}
_RENAME = """(renames) => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode())
        for (const [from, to] of renames)
            walker.currentNode.data = walker.currentNode.data.replaceAll(from, to);
}"""
_SETTINGS = '.card:has(.card-header:text-is("Validation settings"))'
# NetBox's head stays at the top of the window, over what is scrolled to.
_SCROLL = '(element) => window.scrollBy(0, element.getBoundingClientRect().top - 72)'
_NO_HOST_NAME = 'footer { visibility: hidden }'


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture's name and the page that it shows.

    `{id}` in the page stands for the id of the object named `object`, looked up in the list that the path begins with,
    and `{fabric}` for that of the fabric. `button` is pressed first, or `prepare` brings the page about; `height` is
    for a page of which the end matters, `top` is what it is scrolled to, and `part` is all that is taken of it.
    """

    name: str
    page: str
    object: str = ''
    button: str = ''
    prepare: Callable[[Page], None] | None = None
    height: int = HEIGHT
    top: str = ''
    part: str = ''


def _fill_vpc(page: Page) -> None:
    """Write a VPC with a name that is too long and a VLAN that is not there."""
    _fill(page, **{'name': 'warehouse-hall', 'spec.subnets.0.key': 'scanners', 'spec.subnets.0.vlan': '3500'})
    page.get_by_role('button', name='Next free Prefix').first.click()
    page.wait_for_load_state('networkidle')
    with page.expect_navigation():
        page.get_by_role('button', name='Create', exact=True).click()


def _fill_attachment(page: Page) -> None:
    """Write a subnet of another VPC, and ask what there is to connect it to."""
    _fill(page, **{'name': 'shop-desks--server-03', 'spec.subnet': 'shop', 'spec.subnet.part': 'desks'})
    page.locator('[data-problem]').first.wait_for()
    page.locator('[name="spec.connection"]').focus()
    page.locator('#spec-offers [role="option"]').first.wait_for()


def _fill_connection(page: Page) -> None:
    """Cable a server to a switch, and ask which of its ports are free."""
    page.locator('[name="spec.choice"]').select_option('unbundled')
    end = 'spec.unbundled.link'
    _fill(page, **{'name': 'server-03--unbundled--leaf-01', f'{end}.server.port': 'server-03'})
    _fill(page, **{f'{end}.server.port.part': 'enp2s3', f'{end}.switch.port': 'leaf-01'})
    _fill(page, **{f'{end}.switch.port.part': 'E1/1'})
    page.locator('[data-problem]').first.wait_for()
    page.locator('#spec-offers [role="option"]').first.wait_for()


def _edit_yaml(page: Page) -> None:
    """Give a subnet of a VPC another VLAN, as YAML."""
    page.get_by_role('tab', name='YAML').click()
    text = page.locator('textarea[name="spec"]')
    text.wait_for()
    text.fill(text.input_value().replace('vlan: 1002', 'vlan: 1020'))
    page.locator('[data-preview-lines]').get_by_text('1020').wait_for()


def _unfold_settings(page: Page) -> None:
    """Show the settings, too, that are as a plain installation has them."""
    page.locator(f'{_SETTINGS} summary').click()


def _fill(page: Page, **values: str) -> None:
    for name, value in values.items():
        page.locator(f'[name="{name}"]').fill(value)


# By whose place the demonstration keeps its manifests in.
SHOTS: dict[str, Sequence[Shot]] = {
    '': (
        Shot('fabric', 'fabrics/{id}/', 'demo'),
        Shot('vpc', 'vpcs/{id}/', 'shop'),
        Shot('form-vpc', 'vpcs/add/?fabric={fabric}', prepare=_fill_vpc, height=1300),
        Shot('form-attachment', 'vpc-attachments/add/?fabric={fabric}', prepare=_fill_attachment, height=1200),
        Shot('form-connection', 'connections/add/?fabric={fabric}', prepare=_fill_connection, height=1300),
        Shot('form-yaml', 'vpcs/{id}/edit/', 'shop', prepare=_edit_yaml, height=1400, top='#spec-editors'),
        Shot('fabric-settings', 'fabrics/{id}/', 'demo', prepare=_unfold_settings, height=3200, part=_SETTINGS),
    ),
    'github': (
        Shot('github-fabric', 'fabrics/{id}/', 'demo', height=1620),
        Shot('github-repository', 'git-repositories/{id}/', 'demo'),
        Shot('connection-test', 'fabrics/{id}/', 'demo', button='Test connection'),
        Shot('credential', 'git-credentials/add/'),
    ),
}


def take_all(shots: Sequence[Shot], access: dict[str, str], browser: str) -> None:
    """Log in, and take the pictures of one demonstration."""
    api = Api(access['url'], access['token'])
    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        window = playwright.chromium.launch(executable_path=browser, args=launch_flags())
        page = _open_page(window, access)
        for shot in shots:
            page.set_viewport_size({'width': WIDTH, 'height': shot.height})
            page.goto(f'/plugins/hedgehog/{_place_of(shot, api)}', wait_until='networkidle')
            if shot.button:
                page.get_by_role('button', name=shot.button).click()
                page.wait_for_load_state('networkidle')
            if shot.prepare:
                shot.prepare(page)
                page.wait_for_load_state('networkidle')
            page.add_style_tag(content=_NO_HOST_NAME)
            page.evaluate(_RENAME, _renames(access))
            if shot.top:
                page.locator(shot.top).evaluate(_SCROLL)
            taken: Page | Locator = page.locator(shot.part) if shot.part else page
            taken.screenshot(path=IMAGES / f'{shot.name}.png')
            say(f'{(IMAGES / shot.name).relative_to(ROOT)}.png')
        window.close()


def _open_page(window: Browser, access: dict[str, str]) -> Page:
    context = window.new_context(base_url=access['url'], color_scheme='light')
    page = context.new_page()
    page.goto('/login/')
    page.get_by_label('Username').fill(access['username'])
    page.get_by_label('Password').fill(access['password'])
    page.get_by_role('button', name='Sign In').click()
    page.wait_for_url('**/')
    return page


def _place_of(shot: Shot, api: Api) -> str:
    ids = {}
    if shot.object:
        ids['id'] = _id_of(api, shot.page.partition('/')[0], shot.object)
    if '{fabric}' in shot.page:
        ids['fabric'] = _id_of(api, 'fabrics', FABRIC)
    return shot.page.format(**ids)


def _renames(access: dict[str, str]) -> list[tuple[str, str]]:
    """Pair what the pages say with what the pictures are to say."""
    servers = {'netbox': access['url']}
    if forge := access.get('forge_url'):
        servers['forge'] = forge.rsplit('/', 2)[0]
    renames = [(str(Path(access['repository']).parent), _PUBLISHED['directory'])]
    for name, url in servers.items():
        host = url.partition('//')[2]
        renames += [(url, f'https://{_PUBLISHED[name]}'), (host, _PUBLISHED[name])]
    return renames


@contextmanager
def _pull_request(access: dict[str, str]) -> Iterator[None]:
    """Have the fabric write by pull request, with one open; merge it afterwards."""
    api = Api(access['url'], access['token'])
    fabric = f'{PLUGIN_API}/fabrics/{_id_of(api, "fabrics", access["fabric"])}/'
    vpc = api.get(f'{PLUGIN_API}/vpcs/{_id_of(api, "vpcs", "lab")}/')
    api.patch(fabric, {'write_method': 'pull-request'})
    try:
        bench = vpc['spec']['subnets']['bench']
        bench['vlan'] += 1
        api.patch(f'{PLUGIN_API}/vpcs/{vpc["id"]}/', {'spec': vpc['spec'], 'changelog_message': 'Renumber the bench'})
        number = _wait_for_request(api, fabric)
        yield
        fetch(f'{access["forge_url"]}/pull/{number}/merge', method='POST')
    finally:
        api.patch(fabric, {'write_method': 'push'})


def _wait_for_request(api: Api, fabric: str) -> int:
    until = time.monotonic() + PROPOSAL_SECONDS
    while time.monotonic() < until:
        if proposal := api.get(fabric)['state']['proposal']:
            return int(proposal['number'])
        time.sleep(0.5)
    raise NotReady(f'No pull request was opened within {PROPOSAL_SECONDS} s.')


def _id_of(api: Api, plural: str, name: str) -> int:
    found = api.first(f'{PLUGIN_API}/{plural}/', name=name)
    if not found:
        raise ToolError(f'The demonstration has no {name} among its {plural}.')
    return int(found['id'])


def _take(home: Path, names: Sequence[str]) -> None:
    """Take the pictures of one demonstration; those of the names, if there are any."""
    access = json.loads((home / 'demo.json').read_text())
    forge = 'github' if 'forge_url' in access else ''
    shots = [shot for shot in SHOTS[forge] if not names or shot.name in names]
    if not shots:
        return
    browser = find_browser(home / 'run' / 'packages.log')
    with _pull_request(access) if forge else nullcontext():
        take_all(shots, access, browser)


def main() -> int:
    """Take the pictures of the demonstrations that there are."""
    parser = argparse.ArgumentParser(prog='tools.screenshots', description=__doc__)
    parser.add_argument('names', nargs='*', help='take these pictures only')
    names = parser.parse_args().names
    homes = {home for home in directories().values() if (home / 'demo.json').is_file()}
    if not homes:
        fail('There is no demonstration; start one with make demo, or with make demo FORGE=github.')
        return 1
    try:
        for home in sorted(homes):
            _take(home, names)
    except ToolError as error:
        fail(str(error))
        return 1
    return 0


if __name__ == '__main__':
    sys.exit(main())
