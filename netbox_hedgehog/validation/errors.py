"""Why nothing could be judged."""

__all__ = ('CannotRead', 'UnusableSettings', 'ValidationFailure')


class ValidationFailure(Exception):
    """The family of everything that keeps the manifests from being judged."""


class CannotRead(ValidationFailure):
    """A file or directory that is not there, or may not be read."""

    def __init__(self, path: str, error: OSError) -> None:
        super().__init__(f'{path}: {error.strerror or error}; check the path and its permissions.')
        self.path = path


class UnusableSettings(ValidationFailure):
    """A file of settings that is no FabricConfig."""

    def __init__(self, path: str, reasons: tuple[str, ...]) -> None:
        super().__init__('\n'.join(f'{path}: {reason}' for reason in reasons))
        self.path = path
        self.reasons = reasons
