"""The switches of Edgecore."""

from .declare import breakouts, grouped, ports, speeds, switch
from .transceivers import QSFP28, QSFP28_WITH_LOW_SPEEDS, QSFP28_WITHOUT_BREAKOUT, SFP28, SFP28_10G, SFP28_WITH_1G

__all__ = ('EDGECORE',)

_SONIC = 'sonic-bcm-base'
_SONIC_CAMPUS = 'sonic-bcm-campus'
_NO_SUBINTERFACES = (
    "Doesn't support StaticExternals and ExternalAttachments with VLANs due to the lack of subinterfaces support."
)
_QSFP56DD_MODES = '1x10G 1x25G 1x40G 1x50G 1x100G 1x400G 2x40G 2x50G 2x100G 2x200G 4x10G 4x100G 8x10G 8x25G 8x50G'
_QSFP56DD = breakouts('QSFP56DD-400G', '1x400G', _QSFP56DD_MODES, auto_neg=True)
_RJ45_1G = speeds('RJ45-1G', '1G', auto_neg=True)
_RJ45_2_5G = speeds('RJ45-2.5G', '1G 2.5G', auto_neg=True)
_RJ45_10G = speeds('RJ45-10G', '1G 10G', auto_neg=True)

EDGECORE = (
    switch(
        'edgecore-dcs203',
        'Edgecore DCS203',
        other_name='Edgecore AS7326-56X',
        nos=_SONIC,
        silicon='Broadcom TD3-X7 2.0T',
        features='subinterfaces acls l2vni l3vni roce mclag eslag portLocator',
        data_ports=(
            *grouped('1-48', 12),
            *ports('49-55', QSFP28),
            *ports('56', QSFP28_WITHOUT_BREAKOUT),
            *ports('57-58', SFP28_10G),
        ),
        group_profile=SFP28,
    ),
    switch(
        'edgecore-dcs204',
        'Edgecore DCS204',
        other_name='Edgecore AS7726-32X',
        nos=_SONIC,
        silicon='Broadcom TD3-X7 3.2T',
        features='subinterfaces acls l2vni l3vni roce mclag eslag',
        data_ports=(
            *ports('1-31', QSFP28_WITH_LOW_SPEEDS),
            *ports('32', QSFP28_WITHOUT_BREAKOUT),
            *ports('33-34', SFP28_10G),
        ),
    ),
    switch(
        'edgecore-dcs240',
        'Edgecore DCS240',
        other_name='Edgecore AS9726',
        nos=_SONIC,
        silicon='Broadcom TD4',
        features='subinterfaces acls l2vni l3vni roce eslag',
        data_ports=(*ports('1-32', _QSFP56DD, [1 + port // 4 for port in range(32)]), *ports('33-34', SFP28_10G)),
        pipeline_max_ports=18,
        notes='Upper 16 ports supply maximum of 24W, lower 16 ports supply maximum of 14W',
    ),
    switch(
        'edgecore-dcs501',
        'Edgecore DCS501',
        other_name='Edgecore AS7712-32X',
        nos=_SONIC,
        silicon='Broadcom TH',
        features='acls',
        data_ports=ports('1-32', QSFP28),
    ),
    switch(
        'edgecore-eps202',
        'Edgecore EPS202',
        other_name='Edgecore AS4630-54PE',
        nos=_SONIC_CAMPUS,
        silicon='Broadcom TD3-X3',
        features='acls l2vni l3vni eslag',
        data_ports=(*ports('1-48', _RJ45_1G), *ports('49-52', SFP28_WITH_1G), *ports('53-54', QSFP28)),
        notes=_NO_SUBINTERFACES,
    ),
    switch(
        'edgecore-eps203',
        'Edgecore EPS203',
        other_name='Edgecore AS4630-54NPE',
        nos=_SONIC_CAMPUS,
        silicon='Broadcom TD3-X3',
        features='acls l2vni l3vni mclag eslag portLocator',
        data_ports=(
            *ports('1-36', _RJ45_2_5G),
            *ports('37-48', _RJ45_10G),
            *ports('49-52', SFP28_WITH_1G),
            *ports('53-54', QSFP28),
        ),
        notes=_NO_SUBINTERFACES,
    ),
)
