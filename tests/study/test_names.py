from pathlib import Path

from tmdfeat import study


def test_no_module_is_called_as_a_public_function():
    # Importing such a module would put it into the place of the function.
    modules = {path.stem for path in Path(study.__file__).parent.iterdir()}
    assert not modules & set(study.__all__)
