"""The verdict on manifests: what the fabric would refuse in which line of which file. Knows neither Git nor NetBox.

`judge_files` decides; `command` is the program `hedgehog-validate` around it.
"""

from .judging import Finding, Verdict, judge_files
from .rules import RULES

__all__ = ('RULES', 'Finding', 'Verdict', 'judge_files')
