"""Where the weights of timm's networks are: on this machine, and published."""

import re
from pathlib import Path

from tmdfeat.deep.architecture import TIMM
from tmdfeat.deep.timm_registry import timm_name, timm_settings
from tmdfeat.deep.weights_folder import locate
from tmdfeat.deep.weights_hashes import check_hash, hash_in_name
from tmdfeat.deep.weights_sources import Source

FILE = "model.safetensors"
SHA256 = re.compile("[0-9a-f]{64}")


def find_timm_weights(name: str) -> Path:
    """Find the file of a network's weights on this machine, or download it.

    Raises
    ------
    ValueError
        If nothing is published for this network, or the file here is damaged.
    tmdfeat.deep.WeightsUnavailable
        If it cannot be downloaded.
    """
    from tmdfeat.deep.weights import fetch

    cached = _in_cache(name)
    if cached is None:
        return fetch(timm_source(name))
    content = cached.resolve().name  # the cache links to files that are named by their SHA-256
    if SHA256.fullmatch(content):
        check_hash(cached, content, "Delete it to have it downloaded again.")
    return cached


def timm_weights_here(name: str) -> Path | None:
    """Look for a network's weights on this machine: Hugging Face's cache, then our folders."""
    return _in_cache(name) or locate(timm_source(name).file)


def weights_tag(name: str) -> str:
    """Return the tag of a network's weights, "" if nothing is published for it."""
    settings = timm_settings(name)
    return (settings.tag or "default") if settings.has_weights else ""


def timm_source(name: str) -> Source:
    """Say where the weights of a network are published.

    Raises
    ------
    ValueError
        If they are not.
    """
    from huggingface_hub import hf_hub_url  # timm brings it

    settings = timm_settings(name)
    file = f"{TIMM}{timm_name(settings)}"
    if settings.hf_hub_id:
        return Source(f"{file}.safetensors", hf_hub_url(settings.hf_hub_id, FILE), None)
    if settings.url:
        return Source(f"{file}.pth", settings.url, hash_in_name(settings.url))
    raise ValueError(
        f"timm publishes no weights for {name!r}: give the path of a file, or weights=None."
    )


def _in_cache(name: str) -> Path | None:
    from huggingface_hub import try_to_load_from_cache

    repository = timm_settings(name).hf_hub_id
    path = try_to_load_from_cache(repository, FILE) if repository else None
    return Path(path) if isinstance(path, str) else None
