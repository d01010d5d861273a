"""The one error of this room."""


class ReadError(ValueError):
    """A file is not what its name says, is damaged, or lacks what was asked for."""
