"""What can go wrong around the library: settings, database, exports, archives.

    PipelineError
    ├── SettingsError   sources.toml cannot be read, or says something that cannot be
    ├── StoreError      the database cannot be opened, read or written
    ├── ExportError     an export was asked for that cannot be made
    ├── IngestError     an archive or folder cannot be taken in
    ├── ExecutorError   the workers asked for cannot be had
    └── WorkerLostError the process that ran a task died, or had to be ended

The message is one line for the person at the terminal: what is wrong, and what to do where that
is known.
"""


class PipelineError(Exception):
    """Root of everything the pipelines raise on purpose."""


class SettingsError(PipelineError):
    """The settings cannot be read, or a key has a value it cannot have."""


class StoreError(PipelineError):
    """The database cannot be opened, read or written."""


class ExportError(PipelineError):
    """An export was asked for that cannot be made: an unknown column, a broken filter."""


class IngestError(PipelineError):
    """An archive, a folder or what was made of it cannot be taken in: not there, not readable."""


class ExecutorError(PipelineError):
    """The workers that were asked for cannot be had: not installed, or no cluster answers."""


class WorkerLostError(PipelineError):
    """The process that ran a task died, or had to be ended, as often as it was tried."""


def describe_error(error: BaseException) -> tuple[str, str]:
    r"""The class of an error and its message on one line, as the table `failures` holds them.

    Example:
        >>> describe_error(ValueError("not\na number")), describe_error(KeyError())
        (('ValueError', 'not a number'), ('KeyError', 'no further word'))
    """
    said = " ".join(str(error).split())
    if isinstance(error, MemoryError) and not said:
        said = "reading it needs more memory than a page may have"
    return type(error).__name__, said or "no further word"
