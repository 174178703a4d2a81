"""A repository on GitHub, reached by its API: no clone, one commit for a batch, limits kept, nothing overwritten."""

from .access import GitHubAccess
from .addresses import ApiAddress, api_of, is_github_host
from .credentials import AppKey, Credential, ProcessTokens, Token, TokenCache
from .ledger import Ledger, Spending, Unlimited
from .memory import BranchMemory
from .proposals import Proposal, Proposals
from .repository import GitHubRepository
from .transport import Answer, GitHubServer

__all__ = (
    'Answer',
    'ApiAddress',
    'AppKey',
    'BranchMemory',
    'Credential',
    'GitHubAccess',
    'GitHubRepository',
    'GitHubServer',
    'Ledger',
    'ProcessTokens',
    'Proposal',
    'Proposals',
    'Spending',
    'Token',
    'TokenCache',
    'Unlimited',
    'api_of',
    'is_github_host',
)
