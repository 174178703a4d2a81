"""The switch of Supermicro."""

from .declare import ports, switch
from .transceivers import QSFP28_WITH_50G, SFP28_10G

__all__ = ('SUPERMICRO',)

SUPERMICRO = (
    switch(
        'supermicro-sse-c4632sb',
        'Supermicro SSE-C4632SB',
        nos='sonic-bcm-base',
        silicon='Broadcom TD3-X7 3.2T',
        features='subinterfaces acls l2vni l3vni roce mclag eslag portLocator',
        data_ports=(*ports('1-32', QSFP28_WITH_50G), *ports('33', SFP28_10G)),
    ),
)
