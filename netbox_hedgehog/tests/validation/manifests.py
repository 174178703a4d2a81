"""Texts that the tests of this room start from."""

__all__ = ('GROUP', 'SERVER')

SERVER = """\
apiVersion: wiring.githedgehog.com/v1beta1
kind: Server
metadata:
  name: server-01
spec:
  description: Web
"""
GROUP = """\
apiVersion: wiring.githedgehog.com/v1beta1
kind: SwitchGroup
metadata:
  name: eslag-1
spec: {}
"""
