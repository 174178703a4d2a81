"""Where things lie in this checkout."""

from pathlib import Path

__all__ = (
    'BASELINES',
    'DEMO_FABRIC',
    'IMAGES',
    'PACKAGE',
    'REQUIREMENTS',
    'ROOT',
    'TESTS',
    'VENV',
    'VENV_PYTHON',
    'venv_program',
)

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / 'netbox_hedgehog'
TESTS = PACKAGE / 'tests'
REQUIREMENTS = ROOT / 'requirements'
BASELINES = ROOT / 'tools' / 'baseline'
DEMO_FABRIC = ROOT / 'tools' / 'demo_fabric'
IMAGES = ROOT / 'docs' / 'images'
VENV = ROOT / '.venv'
VENV_PYTHON = VENV / 'bin' / 'python'


def venv_program(name: str) -> Path:
    """Name a program of the virtual environment."""
    return VENV / 'bin' / name
