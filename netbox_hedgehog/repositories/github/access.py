"""Everything that a repository on GitHub is opened with, besides its address and branch."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from .credentials import Credential, ProcessTokens, TokenCache
from .ledger import Ledger, Unlimited
from .memory import BranchMemory

__all__ = ('GitHubAccess',)


@dataclass(frozen=True)
class GitHubAccess:
    """Who asks, on which account, and what is remembered.

    `memory` is changed by what is seen; who opens the repository again hands in what it had become. With `verified`,
    commits are made and signed by GitHub, in the name of the account. `pause` waits for so many seconds between writes.
    """

    credential: Credential
    ledger: Ledger = field(default_factory=Unlimited)
    token_cache: TokenCache = field(default_factory=ProcessTokens)
    memory: BranchMemory = field(default_factory=BranchMemory)
    verified: bool = False
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    pause: Callable[[float], None] = time.sleep
