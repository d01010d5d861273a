"""What commands about weights need."""

from deep.weights_site import home, site, state_file  # noqa: F401
