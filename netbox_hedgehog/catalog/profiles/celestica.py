"""The switches of Celestica, under Broadcom's SONiC and under Celestica's own (`-clsp`)."""

from .declare import breakouts, ports, switch
from .transceivers import QSFP28, QSFP28_WITH_50G, QSFP28_WITHOUT_BREAKOUT, SFP28, SFP28_10G, SFP28_WITH_1G

__all__ = ('CELESTICA',)

_SONIC = 'sonic-bcm-base'
_SONIC_CLS_PLUS = 'sonic-cls-plus-broadcom'
_NO_L2VNI = "Doesn't support non-L3 VPC modes due to the lack of L2VNI support."

_QSFPDD_MODES = '1x10G 1x25G 1x40G 1x100G 1x400G 2x40G 2x100G 2x200G 4x10G 4x25G 4x100G 8x10G 8x25G 8x50G'
_QSFPDD = breakouts('QSFPDD-400G', '1x400G', _QSFPDD_MODES)
_OSFP_2X400G_MODES = '1x100G 1x200G 1x400G 2x40G 2x100G 2x200G 2x400G 4x50G 4x100G 4x200G 8x10G 8x25G 8x50G 8x100G'
_OSFP_2X400G = breakouts('OSFP-2x400G', '2x400G', _OSFP_2X400G_MODES, auto_neg=True)
_OSFP_800G_MODES = '1x50G 1x100G 1x400G 1x800G 2x50G 2x100G 2x200G 2x400G 4x100G 4x200G 8x100G'
_OSFP_800G = breakouts('OSFP-800G', '1x800G', _OSFP_800G_MODES, auto_neg=True)
_OSFP_800G_CLS_PLUS = breakouts('OSFP-800G', '1x800G', f'{_OSFP_800G_MODES} 1x200G', auto_neg=True)

_DS2000_PORTS = (
    *ports('1-48', SFP28),
    *ports('49', QSFP28),
    *ports('50-55', QSFP28_WITHOUT_BREAKOUT),
    *ports('56', QSFP28),
)
# Of four ports in a row the outer two share a pipeline, and so do the inner two.
_DS5000_PIPELINES = [first + step for first in range(1, 33, 2) for step in (0, 1, 1, 0)]

CELESTICA = (
    switch(
        'celestica-ds2000',
        'Celestica DS2000',
        other_name='Celestica Questone 2a',
        nos=_SONIC,
        silicon='Broadcom TD3-X5 2.0T',
        features='subinterfaces acls l2vni l3vni mclag eslag portLocator',
        data_ports=_DS2000_PORTS,
    ),
    switch(
        'celestica-ds2000-clsp',
        'Celestica DS2000',
        other_name='Celestica Questone 2a',
        nos=_SONIC_CLS_PLUS,
        silicon='Broadcom TD3-X5 2.0T',
        features='subinterfaces acls l2vni l3vni mclag eslag',
        data_ports=_DS2000_PORTS,
    ),
    switch(
        'celestica-ds3000',
        'Celestica DS3000',
        other_name='Celestica Seastone2',
        nos=_SONIC,
        silicon='Broadcom TD3-X7 3.2T',
        features='subinterfaces acls l2vni l3vni roce mclag eslag portLocator',
        data_ports=(*ports('1-32', QSFP28_WITH_50G), *ports('33', SFP28_10G)),
    ),
    switch(
        'celestica-ds3000-clsp',
        'Celestica DS3000',
        other_name='Celestica Seastone2',
        nos=_SONIC_CLS_PLUS,
        silicon='Broadcom TD3-X7 3.2T',
        features='subinterfaces acls l2vni l3vni roce mclag eslag',
        data_ports=(*ports('1-32', QSFP28), *ports('33', SFP28_10G)),
    ),
    switch(
        'celestica-ds4000',
        'Celestica DS4000',
        other_name='Celestica Silverstone2',
        nos=_SONIC,
        silicon='Broadcom TH3',
        features='acls roce portLocator',
        data_ports=(*ports('1-32', _QSFPDD, [1 + port // 4 for port in range(32)]), *ports('33', SFP28_10G)),
        max_ports=144,
        pipeline_max_ports=18,
    ),
    switch(
        'celestica-ds4000-clsp',
        'Celestica DS4000',
        other_name='Celestica Silverstone2',
        nos=_SONIC_CLS_PLUS,
        silicon='Broadcom TH3',
        features='acls roce',
        data_ports=(*ports('1-32', _QSFPDD), *ports('33', SFP28_10G)),
    ),
    switch(
        'celestica-ds4101',
        'Celestica DS4101',
        other_name='Celestica Greystone',
        nos=_SONIC,
        silicon='Broadcom TH4G',
        features='acls roce ecmpRoCEQPN',
        data_ports=(*ports('1-32', _OSFP_2X400G, [1 + port // 2 for port in range(32)]), *ports('33-34', SFP28_10G)),
        max_ports=272,
        pipeline_max_ports=16,
    ),
    switch(
        'celestica-ds4101-clsp',
        'Celestica DS4101',
        other_name='Celestica Greystone',
        nos=_SONIC_CLS_PLUS,
        silicon='Broadcom TH4G',
        features='acls roce ecmpRoCEQPN',
        data_ports=(*ports('1-32', _OSFP_2X400G), *ports('33-34', SFP28_10G)),
    ),
    switch(
        'celestica-ds5000',
        'Celestica DS5000',
        other_name='Celestica Moonstone',
        nos=_SONIC,
        silicon='Broadcom TH5',
        features='subinterfaces acls l3vni roce ecmpRoCEQPN portLocator',
        data_ports=(*ports('1-64', _OSFP_800G, _DS5000_PIPELINES), *ports('65-66', SFP28_WITH_1G)),
        max_ports=320,
        pipeline_max_ports=10,
        notes=_NO_L2VNI,
    ),
    switch(
        'celestica-ds5000-clsp',
        'Celestica DS5000',
        other_name='Celestica Moonstone',
        nos=_SONIC_CLS_PLUS,
        silicon='Broadcom TH5',
        features='subinterfaces acls l3vni roce ecmpRoCEQPN',
        data_ports=(*ports('1-64', _OSFP_800G_CLS_PLUS), *ports('65-66', SFP28_WITH_1G)),
        notes=_NO_L2VNI,
    ),
)
