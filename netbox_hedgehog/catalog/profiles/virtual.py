"""The switches of virtual labs."""

from .declare import grouped, ports, speeds, switch
from .transceivers import SFP28, SFP28_10G

__all__ = ('VIRTUAL',)

_FEATURES = 'subinterfaces l2vni l3vni roce mclag eslag'

VIRTUAL = (
    switch(
        'vs',
        'Virtual Switch',
        nos='sonic-bcm-vs',
        silicon='vs',
        features=_FEATURES,
        data_ports=grouped('1-48', 4),
        group_profile=SFP28,
    ),
    switch(
        'vs-clsp',
        'Virtual Switch CLS+',
        nos='sonic-cls-plus-vs',
        silicon='vs',
        features=_FEATURES,
        data_ports=grouped('1-48', 4),
        group_profile=SFP28,
    ),
    switch(
        'cumulus-vx',
        'Cumulus VX',
        nos='cumulus-vx',
        silicon='vs',
        features=_FEATURES,
        data_ports=(*ports('1-32', speeds('QSFP28-100G', '10G 25G 50G 100G')), *ports('33', SFP28_10G)),
    ),
)
