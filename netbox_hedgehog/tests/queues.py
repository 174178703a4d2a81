"""Queues of jobs that nobody else works at."""

from django.test.testcases import SerializeMixin
from utilities.testing.mixins import RQQueueTestMixin

__all__ = ('OwnQueues',)


class OwnQueues(RQQueueTestMixin):
    """NetBox's mixin, without its lock: each process of a parallel run has queues of its own, and waits for nobody.

    The lock is a file of NetBox's, and so would also hold up whoever else runs tests with the same installation.
    """

    @classmethod
    def setUpClass(cls):
        super(SerializeMixin, cls).setUpClass()
