import subprocess
import sys

import numpy as np
import pytest

from tmdfeat.cache import content_digest, make_key

Z = np.arange(6.0).reshape(2, 3)


@pytest.mark.parametrize("other", [Z.reshape(3, 2), Z.astype(np.float32), Z + 1, Z[::-1]])
def test_another_content_shape_or_type_is_another_image(other):
    assert content_digest(other) != content_digest(Z)


def test_layout_in_memory_does_not_matter():
    assert content_digest(np.asfortranarray(Z)) == content_digest(Z)


@pytest.mark.parametrize("recipe", [("b", 1), ("a", 2), ("a", 1.0), ("a", "1"), ("a", 1, None)])
def test_another_recipe_is_another_key(recipe):
    assert make_key(b"image", recipe) != make_key(b"image", ("a", 1))


def test_keys_are_alike_in_every_process():
    call = "print(make_key(b'i', ('a', (1, 2.5), b'x', None)))"
    code = f"from tmdfeat.cache import make_key; {call}"
    command = [sys.executable, "-c", code]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    assert told == str(make_key(b"i", ("a", (1, 2.5), b"x", None)))


@pytest.mark.parametrize("bad", [object(), [1], {"a": 1}, np.float64(1), ("a", (lambda: 0,))])
def test_what_might_carry_an_address_is_refused(bad):
    with pytest.raises(TypeError, match="plain values"):
        make_key(b"i", (bad,))
