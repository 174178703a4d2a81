"""What can go wrong in the tools, each with a sentence for the person at the terminal."""

from pathlib import Path

__all__ = ('CommandFailed', 'MissingProgram', 'NotReady', 'PortTaken', 'Refused', 'ToolError')


class ToolError(Exception):
    """The command cannot go on; the text says what to do about it."""


class CommandFailed(ToolError):
    """A program ended with an error; the end of what it wrote is part of the text."""

    def __init__(self, doing: str, code: int, log: Path, ending: str) -> None:
        self.code = code
        self.log = log
        super().__init__(f'{doing} failed (exit code {code}). All of its output: {log}\n{ending}')


class MissingProgram(ToolError):
    """Something has to be installed, and this process may not do it."""


class NotReady(ToolError):
    """A service was started and does not answer."""


class PortTaken(ToolError):
    """The port that was asked for belongs to another program."""


class Refused(ToolError):
    """NetBox answered a request with an error."""

    def __init__(self, method: str, path: str, status: int, body: str) -> None:
        self.status = status
        super().__init__(f'{method} {path}: NetBox answered {status}: {body}')
