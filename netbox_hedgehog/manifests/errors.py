"""Why a manifest cannot be read, written or edited."""

from enum import StrEnum

__all__ = ('EditRefused', 'ManifestError', 'ReasonCode', 'Unreadable', 'Unwritable')


class ReasonCode(StrEnum):
    """Why a document, or a file, is not taken over. The values are stable: reason files and reports carry them."""

    NOT_UTF8 = 'not-utf8'
    CONTROL_CHARACTER = 'control-character'
    SYNTAX_ERROR = 'syntax-error'
    DUPLICATE_KEY = 'duplicate-key'
    CUSTOM_TAG = 'custom-tag'
    TOO_LARGE = 'too-large'
    TOO_DEEP = 'too-deep'
    ALIAS_EXPANSION = 'alias-expansion'
    NOT_AN_OBJECT = 'not-an-object'
    MISSING_API_VERSION = 'missing-api-version'
    MISSING_KIND = 'missing-kind'
    MISSING_NAME = 'missing-name'
    BAD_NAME = 'bad-name'
    FOREIGN_KIND = 'foreign-kind'
    WRONG_GROUP = 'wrong-group'
    CONTROLLER_OWNED_KIND = 'controller-owned-kind'
    UNKNOWN_VERSION = 'unknown-version'
    DUPLICATE_IDENTITY = 'duplicate-identity'
    NOT_YAML = 'not-yaml'


class ManifestError(Exception):
    """The family of everything that this room raises."""


class Unreadable(ManifestError):
    """A text that the cluster would refuse, or that two readers could understand differently."""

    def __init__(self, code: ReasonCode, line: int, column: int, message: str) -> None:
        super().__init__(f'line {line}, column {column}: {message}')
        self.code = code
        self.line = line
        self.column = column
        self.message = message


class Unwritable(ManifestError):
    """A content that no manifest can hold. `path` names the field, as in `spec.subnets.default.vlan`."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f'{path}: {reason}' if path else reason)
        self.path = path
        self.reason = reason


class EditRefused(ManifestError):
    """A text that cannot be changed safely. `line` is the place in the document that stands in the way."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f'line {line}: {reason}')
        self.line = line
        self.reason = reason
