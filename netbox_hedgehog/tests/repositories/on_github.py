"""A repository on the GitHub double, as the tests of that backend use it."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from netbox_hedgehog.repositories import Author
from netbox_hedgehog.repositories.github import (
    BranchMemory,
    Credential,
    GitHubAccess,
    GitHubRepository,
    GitHubServer,
    Ledger,
    Token,
    Unlimited,
)
from netbox_hedgehog.tests.github import Fault, FaultKind, Forge
from netbox_hedgehog.tests.github.repository import HostedRepository

ANN = Author('Ann', 'ann@example.com')
WHEN = datetime(2026, 3, 1, 12, tzinfo=UTC)
TOKEN = 'ghp_0123456789abcdefghijklmnopqrstuvwxyz'
SIGNED_IN = Token(TOKEN)


@dataclass
class Clock:
    """A clock that goes only when it is told to."""

    moment: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))

    def __call__(self) -> datetime:
        return self.moment

    def forward(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


@dataclass
class OnGitHub:
    """One hosted repository, seen from the outside (`hosted`) and through the room (`open`)."""

    forge: Forge
    hosted: HostedRepository
    clock: Clock
    memory: BranchMemory = field(default_factory=BranchMemory)
    pauses: list[float] = field(default_factory=list)

    def server(self, credential: Credential = SIGNED_IN, *, kind=GitHubServer, **more) -> GitHubServer:
        settings = {
            'repository': self.hosted.full_name,
            'address': self.hosted.url,
            'timeout_seconds': 10,
            'now': self.clock,
            'pause': self.pauses.append,
        }
        return kind(self.forge.api_url, f'{self.forge.url}/api/graphql', credential, **{**settings, **more})

    def open(
        self,
        branch: str = 'main',
        *,
        memory: BranchMemory | None = None,
        credential: Credential = SIGNED_IN,
        verified: bool = False,
        ledger: Ledger | None = None,
        **more,
    ) -> GitHubRepository:
        """Open a branch; without `memory` it is that of this object, as it is kept between two passes."""
        if memory is None:
            memory = self.memory = BranchMemory.from_json(self.memory.to_json())
        ledger = ledger or Unlimited(self.clock)
        access = GitHubAccess(credential, ledger, memory=memory, verified=verified)
        return GitHubRepository(self.server(credential, ledger=ledger, **more), branch, access)

    def commit(self, changes, head, *, repository=None, message='Change', when=WHEN, author=ANN, **more) -> str:
        """Commit through a repository that is opened for it."""
        with repository or self.open() as opened:
            return opened.commit(changes, message=message, author=author, expected_head=head, when=when, **more)

    def warm(self) -> str:
        """Read the head as an earlier pass would have, so that what is worth remembering is remembered."""
        with self.open() as repository:
            head = repository.head()
            repository.tree(head, '')
        if not self.memory.node_id:
            self.memory.node_id = self.hosted.node_id
        self.forge.requests.clear()
        return head

    def fail(self, kind: FaultKind, **more) -> None:
        self.forge.fail(Fault(kind, **more))

    def operations(self) -> Counter[str]:
        return Counter(request.operation for request in self.forge.requests)

    @property
    def requests(self) -> list[str]:
        """The operations in order, and what came of them."""
        return [f'{request.operation} {request.status}' for request in self.forge.requests]


def numbered(count: int, *, below: str = 'fabric') -> dict[str, bytes]:
    """Make so many small files."""
    return {f'{below}/{number % 7}/{number:05}.yaml': b'number: %d\n' % number for number in range(count)}
