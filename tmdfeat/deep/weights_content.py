"""Whether a file can be weights at all, by its first bytes: an error page is none."""

from pathlib import Path

ZIP = b"PK\x03\x04"  # torch.save since 1.6
PICKLE = b"\x80"  # torch.save before


def check_content(path: Path, what: str) -> None:
    """Refuse what is neither torch's nor safetensors' format; nothing is loaded.

    Parameters
    ----------
    path : Path
    what : str
        How to call it in the message.

    Raises
    ------
    ValueError
    """
    with path.open("rb") as file:
        head = file.read(64)
    # A safetensors file begins with the length of its header and the header's first brace.
    if not head.startswith((ZIP, PICKLE)) and head[8:9] != b"{":
        raise ValueError(
            f"{what} is no file of weights, neither torch's (.pth) nor safetensors: it is "
            f"{path.stat().st_size} bytes long and begins with {head[:32]!r}"
        )
