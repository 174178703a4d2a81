"""Measurements that are made by hand, and no tests: how long a thing takes, and how that grows."""
