"""What can be set on the ports that several models have in common."""

from .declare import breakouts, speeds

__all__ = (
    'QSFP28',
    'QSFP28_WITHOUT_BREAKOUT',
    'QSFP28_WITH_50G',
    'QSFP28_WITH_LOW_SPEEDS',
    'SFP28',
    'SFP28_10G',
    'SFP28_WITH_1G',
)

SFP28_10G = speeds('SFP28-10G', '1G 10G')
SFP28 = speeds('SFP28-25G', '10G 25G')
SFP28_WITH_1G = speeds('SFP28-25G', '1G 10G 25G')

QSFP28 = breakouts('QSFP28-100G', '1x100G', '1x40G 1x100G 4x10G 4x25G')
QSFP28_WITH_50G = breakouts('QSFP28-100G', '1x100G', '1x40G 1x50G 1x100G 2x50G 4x10G 4x25G', auto_neg=True)
QSFP28_WITH_LOW_SPEEDS = breakouts('QSFP28-100G', '1x100G', '1x10G 1x25G 1x40G 1x50G 1x100G 2x50G 4x10G 4x25G')
QSFP28_WITHOUT_BREAKOUT = speeds('QSFP28-100G-nb', '40G 100G')
