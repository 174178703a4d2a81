"""Take the documentation's pictures of the running demonstration."""

import argparse
import json
import sys
from dataclasses import dataclass

from playwright.sync_api import Page, sync_playwright

from .api import Api
from .browser import find_browser, launch_flags
from .checkout import IMAGES, ROOT
from .demo import directory
from .errors import ToolError
from .report import fail, say

__all__ = ('SHOTS', 'main')

WIDTH, HEIGHT = 1440, 900

# A picture says nothing of the machine it was taken on.
_PUBLISHED_CHECKOUT = '/srv/netbox_hedgehog'
_RENAME_CHECKOUT = """([from, to]) => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) walker.currentNode.data = walker.currentNode.data.replaceAll(from, to);
}"""


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture's name and the page that it shows.

    `{id}` in the page stands for the id of the object named `object`, looked up in the list that the path begins with.
    """

    name: str
    page: str
    object: str = ''


SHOTS = (
    Shot('fabric', 'fabrics/{id}/', 'demo'),
    Shot('vpcs', 'vpcs/'),
    Shot('vpc', 'vpcs/{id}/', 'shop'),
    Shot('vpc-edit', 'vpcs/{id}/edit/', 'shop'),
    Shot('connections', 'connections/'),
    Shot('connection', 'connections/{id}/', 'server-01--eslag--leaf-01--leaf-02'),
    Shot('sync-runs', 'sync-runs/'),
)


def take_all(access: dict[str, str], browser: str) -> None:
    """Log in, and take each picture of the table."""
    api = Api(access['url'], access['token'])
    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        window = playwright.chromium.launch(executable_path=browser, args=launch_flags())
        page = window.new_context(
            base_url=access['url'], viewport={'width': WIDTH, 'height': HEIGHT}, color_scheme='light'
        ).new_page()
        _log_in(page, access)
        for shot in SHOTS:
            page.goto(f'/plugins/hedgehog/{_place_of(shot, api)}', wait_until='networkidle')
            page.evaluate(_RENAME_CHECKOUT, [str(ROOT), _PUBLISHED_CHECKOUT])
            page.screenshot(path=IMAGES / f'{shot.name}.png')
            say(f'{(IMAGES / shot.name).relative_to(ROOT)}.png')
        window.close()


def _place_of(shot: Shot, api: Api) -> str:
    if not shot.object:
        return shot.page
    kind = shot.page.partition('/')[0]
    found = api.first(f'plugins/hedgehog/{kind}/', name=shot.object)
    if not found:
        raise ToolError(f'The demonstration has no {shot.object} among its {kind}.')
    return shot.page.format(id=found['id'])


def _log_in(page: Page, access: dict[str, str]) -> None:
    page.goto('/login/')
    page.get_by_label('Username').fill(access['username'])
    page.get_by_label('Password').fill(access['password'])
    page.get_by_role('button', name='Sign In').click()
    page.wait_for_url('**/')


def main() -> int:
    """Take the pictures."""
    argparse.ArgumentParser(prog='tools.screenshots', description=__doc__).parse_args()
    path = directory() / 'demo.json'
    if not path.is_file():
        fail('There is no demonstration; start it with make demo.')
        return 1
    try:
        take_all(json.loads(path.read_text()), find_browser(directory() / 'run' / 'packages.log'))
    except ToolError as error:
        fail(str(error))
        return 1
    return 0


if __name__ == '__main__':
    sys.exit(main())
