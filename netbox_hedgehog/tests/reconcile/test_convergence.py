"""People edit both sides in any order, passes run in between: nothing is lost, and quiet follows."""

import copy

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from netbox_hedgehog.catalog import KINDS
from netbox_hedgehog.manifests import dump, edit, parse
from netbox_hedgehog.reconcile import Content, canonical_path, content_of, with_content
from netbox_hedgehog.tests.reconcile.world import World, identity

# Few of each, so that the two sides meet at the same field often.
NAMES = [identity('Server', 'server-1'), identity('VPC', 'vpc-1')]
FIELDS = ['description', 'mode']
VALUES = ['a', '65000:50', 'yes']

names, fields, values = st.sampled_from(NAMES), st.sampled_from(FIELDS), st.sampled_from(VALUES)


class BothSides(RuleBasedStateMachine):
    """`seen[k, f]` is the last value that each side's people have put there; it must not vanish unseen."""

    @initialize()
    def begin(self):
        self.world = World()
        self.world.sync()

    # NetBox

    @rule(key=names, field=fields, value=values)
    def edit_row(self, key, field, value):
        content = self.world.rows.get(key) or Content()
        self.world.rows[key] = Content(content.labels, content.annotations, content.spec | {field: value})

    @rule(key=names)
    def delete_row(self, key):
        if self.world.rows.pop(key, None) is not None:
            self.world.deleted.add(key)

    # Git

    @rule(key=names, field=fields, value=values)
    def edit_file(self, key, field, value):
        path = canonical_path(key)
        if path in self.world.files:
            (document,) = parse(path, self.world.files[path]).documents
            content = content_of(document.content)
            wanted = with_content(document.content, Content({}, content.annotations, content.spec | {field: value}))
            self.world.files[path] = edit(document.text, wanted).encode()
        else:
            kind = KINDS[key.kind]
            document = {'apiVersion': kind.api_version, 'kind': kind.name, 'metadata': {'name': key.name}}
            self.world.files[path] = dump(document | {'spec': {field: value}}, kind).encode()

    @rule(key=names)
    def delete_file(self, key):
        self.world.files.pop(canonical_path(key), None)

    @rule(key=names)
    def comment(self, key):
        path = canonical_path(key)
        if path in self.world.files:
            self.world.files[path] = b'# a comment\n' + self.world.files[path]

    # Passes

    @rule()
    def sync(self):
        rows, documents = copy.deepcopy(self.world.rows), self.world.documents()
        base = dict(self.world.base)
        self.world.sync()
        self._nothing_is_overwritten(rows, documents, base)

    def _nothing_is_overwritten(self, rows, documents, base):
        """Each value of either side that differs from the base is still there, unless the sides agreed on it."""
        now, files = self.world.rows, self.world.documents()
        for key in NAMES:
            agreed = base[key].content.spec if key in base and base[key].content else {}
            for field in FIELDS:
                ours = rows[key].spec.get(field) if key in rows else None
                theirs = documents[key].spec.get(field) if key in documents else None
                kept = {content[key].spec.get(field) for content in (now, files) if key in content}
                for value in (ours, theirs):
                    if value is not None and value != agreed.get(field):
                        assert value in kept, f'{key} {field}={value!r} is lost'

        assert self.world.plan().is_empty, 'a second pass finds something to do'

    def teardown(self):
        if not hasattr(self, 'world'):
            return
        self.world.sync()
        files = self.world.documents()
        for key in NAMES:
            if key not in self.world.conflicts:
                assert self.world.rows.get(key) == files.get(key), key


BothSides.TestCase.settings = settings(max_examples=80, stateful_step_count=30, deadline=None)
TestBothSides = BothSides.TestCase
