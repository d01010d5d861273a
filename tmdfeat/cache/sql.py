"""The tables of a cache folder, and what is asked of them."""

VERSION = 2  # of the tables; 1 kept no recipes
TABLES = (
    "CREATE TABLE recipes (number INTEGER PRIMARY KEY, hash BLOB UNIQUE, text TEXT)",
    "CREATE TABLE results (recipe INTEGER, digest BLOB, dtype TEXT, numbers BLOB,"
    " checksum BLOB, used REAL, PRIMARY KEY (recipe, digest))",
)

GET = """
SELECT dtype, numbers, checksum, used FROM results JOIN recipes ON number = recipe
WHERE hash = ? AND digest = ?
"""
_PLACE = "WHERE recipe = (SELECT number FROM recipes WHERE hash = ?) AND digest = ?"
USE = f"UPDATE results SET used = ? {_PLACE}"
DROP = f"DELETE FROM results {_PLACE}"

# Changes nothing where the recipe is not there yet.
PUT = "INSERT OR REPLACE INTO results SELECT number, ?, ?, ?, ?, ? FROM recipes WHERE hash = ?"
NEW_RECIPE = "INSERT OR IGNORE INTO recipes (hash, text) VALUES (?, ?)"

KNOWN = "SELECT digest FROM results JOIN recipes ON number = recipe WHERE hash = ?"
SIZE = "SELECT COUNT(*), COALESCE(SUM(LENGTH(numbers)), 0) FROM results"
LIST = """
SELECT number, text, COUNT(*), SUM(LENGTH(numbers)), MIN(used), MAX(used)
FROM results JOIN recipes ON number = recipe GROUP BY number
"""

CLEAR = """
DELETE FROM results WHERE (? IS NULL OR recipe = ?) AND (? IS NULL OR used < ?)
"""
CLEAR_RECIPES = "DELETE FROM recipes WHERE number NOT IN (SELECT recipe FROM results)"
# The newest stay, up to so many bytes.
EVICT = """
DELETE FROM results WHERE rowid IN (
    SELECT rowid FROM (
        SELECT rowid, SUM(LENGTH(numbers)) OVER (ORDER BY used DESC, rowid) AS total FROM results
    ) WHERE total > ?
)
"""
