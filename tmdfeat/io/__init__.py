"""Files -> HeightMap. One file per format, one table from suffix to reader; no science."""

from tmdfeat.io.errors import ReadError
from tmdfeat.io.reading import ScanFile, read

__all__ = ["ReadError", "ScanFile", "read"]
