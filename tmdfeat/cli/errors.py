"""What a user can mend, in one line; anything else is a bug and shows its traceback."""

import warnings
from collections.abc import Mapping
from contextlib import contextmanager

import typer

# What errors tell users of Python to write, and what it is called here.
FLAGS = {
    "pixel_size=": "--pixel-size",
    "z_unit=": "--z-unit",
    "scale='px'": "--scale px",
    "channel=": "--channel",
    "labels='": "--labels",
    "weights=": "--weights",
    "cv=": "--folds",
    "Fill()": "--fill",
    "names='*.ibw'": "--pattern",
}


@contextmanager
def errors_in_words(flags: Mapping[str, str] = FLAGS):
    """Turn what a user can mend into one line and exit code 1; anything else is a bug."""
    shown, warnings.formatwarning = warnings.formatwarning, _warning_in_words
    try:
        yield
    except (ValueError, OSError) as error:  # ReadError is a ValueError
        _stop(error, flags)
    except ImportError as error:
        if "pip install" not in str(error):  # of the extras
            raise
        _stop(error, flags)
    except RuntimeError as error:
        from tmdfeat.deep import WeightsUnavailable  # here, not above: it imports torch

        if not isinstance(error, WeightsUnavailable):
            raise
        _stop(error, flags)
    finally:
        warnings.formatwarning = shown


def _warning_in_words(message, category, filename, lineno, line=None) -> str:
    return f"tmdfeat: {message}\n"


def _stop(error: Exception, flags: Mapping[str, str]):
    words = str(error)
    named = list(dict.fromkeys(flag for python, flag in flags.items() if python in words))
    hint = f" On the command line: {', '.join(named)}." if named else ""
    typer.secho(f"tmdfeat: {words}{hint}", fg="red", err=True)
    raise typer.Exit(1) from error
