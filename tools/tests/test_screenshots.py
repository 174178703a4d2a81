"""The documentation shows every picture that is taken, and takes every picture that it shows."""

import re

from tools.checkout import IMAGES, ROOT
from tools.screenshots import SHOTS

_IMAGE = re.compile(r'images/([a-z-]+)\.png')


def test_the_pictures_are_those_of_the_documentation():
    pages = [ROOT / 'README.md', *(ROOT / 'docs').rglob('*.md')]
    shown = {name for page in pages for name in _IMAGE.findall(page.read_text())}
    assert {shot.name for shots in SHOTS.values() for shot in shots} == shown
    assert {path.stem for path in IMAGES.glob('*.png')} == shown
