"""Manifests for tests, written as a person writes them."""

__all__ = ('SERVER', 'VPC_BY_HAND', 'connection', 'server', 'switch', 'switch_group', 'vpc', 'wiring')

# Comments, an unusual order, an annotation of the user, an unknown field, and a quoting of its own.
VPC_BY_HAND = """\
# The production network. Ask the network team before you change it.
kind: VPC
apiVersion: vpc.githedgehog.com/v1beta1
metadata:
  annotations:
    example.com/owner: "team-a"   # not ours
  name: vpc-01
spec:
  ipv4Namespace: default
  futureField: {keep: me}
  subnets:
    default:   # the first
      vlan: 1001
      subnet: '10.0.1.0/24'
      gateway: 10.0.1.1
    storage:
      subnet: 10.0.2.0/24
      vlan: 1002
  vlanNamespace: default
# The end.
"""


def vpc(name: str, number: int = 1) -> str:
    return f"""\
apiVersion: vpc.githedgehog.com/v1beta1
kind: VPC
metadata:
  name: {name}
  namespace: default
spec:
  subnets:
    default:
      subnet: 10.0.{number}.0/24
      gateway: 10.0.{number}.1
      vlan: {1000 + number}
"""


def server(number: int) -> str:
    return f"""\
apiVersion: wiring.githedgehog.com/v1beta1
kind: Server
metadata:
  name: server-{number:02}
spec:
  description: Rack {number}
"""


def switch(number: int) -> str:
    return f"""\
apiVersion: wiring.githedgehog.com/v1beta1
kind: Switch
metadata:
  name: leaf-{number:02}
spec:
  boot:
    serial: "{number:07}"
  description: Leaf {number}
  profile: vs
  role: server-leaf
"""


def switch_group(name: str) -> str:
    return f"""\
apiVersion: wiring.githedgehog.com/v1beta1
kind: SwitchGroup
metadata:
  name: {name}
spec: {{}}
"""


def connection(number: int) -> str:
    return f"""\
apiVersion: wiring.githedgehog.com/v1beta1
kind: Connection
metadata:
  name: server-{number:02}--unbundled--leaf-01
spec:
  unbundled:
    link:
      server:
        port: server-{number:02}/enp2s1
      switch:
        port: leaf-01/E1/{number}
"""


def wiring(servers: int = 10, switches: int = 7, groups: int = 3, connections: int = 26) -> str:
    """Return one file of many documents with banners between the kinds, as the vendor's tools write it."""
    parts = [switch_group(f'group-{number}') for number in range(1, groups + 1)]
    parts[-1] += '#\n# SwitchList\n#\n'
    parts += [switch(number) for number in range(1, switches + 1)]
    parts += [server(number) for number in range(1, servers + 1)]
    parts[-1] += '#\n# ConnectionList\n#\n'
    parts += [connection(number) for number in range(1, connections + 1)]
    return '---\n'.join(parts)


SERVER = server(1)
