"""Files -> HeightMap. One file per format, one table from suffix to reader; no science."""

from tmdfeat.io.errors import ReadError
from tmdfeat.io.reading import read
from tmdfeat.io.scan_file import ScanFile

__all__ = ["ReadError", "ScanFile", "read"]
