"""The switches of Dell."""

from .declare import breakouts, grouped, ports, switch
from .transceivers import QSFP28_WITH_LOW_SPEEDS, QSFP28_WITHOUT_BREAKOUT, SFP28, SFP28_10G

__all__ = ('DELL',)

_SONIC = 'sonic-bcm-base'
_QSFPDD_MODES = '1x10G 1x25G 1x40G 1x50G 1x100G 1x200G 1x400G 2x40G 2x100G 2x200G 4x10G 4x25G 4x100G 8x10G 8x25G 8x50G'
_QSFPDD = breakouts('QSFPDD-400G', '1x400G', _QSFPDD_MODES)

DELL = (
    switch(
        'dell-s5232f-on',
        'Dell S5232F-ON',
        nos=_SONIC,
        silicon='Broadcom TD3-X7 3.2T',
        features='subinterfaces acls l2vni l3vni roce mclag eslag portLocator',
        data_ports=(
            *ports('1-31', QSFP28_WITH_LOW_SPEEDS),
            *ports('32', QSFP28_WITHOUT_BREAKOUT),
            *ports('33-34', SFP28_10G),
        ),
    ),
    switch(
        'dell-s5248f-on',
        'Dell S5248F-ON',
        nos=_SONIC,
        silicon='Broadcom TD3-X7 3.2T',
        features='subinterfaces acls l2vni l3vni roce mclag eslag portLocator',
        data_ports=(*grouped('1-48', 4), *ports('49-56', QSFP28_WITH_LOW_SPEEDS)),
        group_profile=SFP28,
    ),
    switch(
        'dell-z9332f-on',
        'Dell Z9332F-ON',
        nos=_SONIC,
        silicon='Broadcom TH3',
        features='acls roce',
        data_ports=(*ports('1-32', _QSFPDD, [1 + port // 4 for port in range(32)]), *ports('33-34', SFP28_10G)),
        max_ports=144,
        pipeline_max_ports=18,
    ),
)
