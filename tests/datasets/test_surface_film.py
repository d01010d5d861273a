import pytest

from tmdfeat.datasets import Film


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"coverage": (0.5, 0.6)}, "none larger than the one before"),
        ({"coverage": (1.2,)}, "from 0 to 1"),
        ({"coverage": 0.5}, "a tuple of fractions"),
        ({"truncation": 0.9}, "Film.truncation must be a number from 1 to inf, got 0.9"),
        ({"hard_core": 0.6}, "from 0 to 0.5"),
        ({"birth_law": "poisson"}, "'exponential', 'constant'"),
        ({"density": 0}, "Film.density"),
    ],
)
def test_impossible_films_are_refused(wrong, message):
    with pytest.raises(ValueError, match=message):
        Film(**wrong)


def test_the_mean_distance_is_that_of_a_square_per_nucleus():
    assert Film(density=100).spacing == pytest.approx(100.0)
