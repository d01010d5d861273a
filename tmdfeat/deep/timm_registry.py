"""What the library timm (the extra ``tmdfeat[timm]``) knows about its networks."""

from tmdfeat.deep.architecture import TIMM


def timm_library():
    """Import timm, or say how to install it.

    Raises
    ------
    ImportError
    """
    try:
        import timm
    except ImportError as error:
        raise ImportError(
            "backbones named 'timm/...' need the library timm: pip install 'tmdfeat[timm]'"
        ) from error
    return timm


def timm_settings(name: str):
    """Return timm's entry for a name with or without tag, None if it has no such network or tag.

    Raises
    ------
    ImportError
        If timm is not installed.
    """
    timm = timm_library()
    try:
        return timm.get_pretrained_cfg(name.removeprefix(TIMM))
    except RuntimeError:  # a known network, but another tag
        return None


def timm_name(settings) -> str:
    """Name an entry as timm does, with the tag of its weights."""
    return ".".join(filter(None, (settings.architecture, settings.tag)))


def is_for_images(settings) -> bool:
    """Say whether a network classifies square images of three channels."""
    if settings.classifier is None:  # only a part of other models
        return False
    channels, height, width = settings.input_size
    return channels == 3 and height == width


def timm_names() -> list[str]:
    """List timm's networks that classify square images of three channels.

    Those with weights are listed with each tag, as in "timm/resnet18.a1_in1k".

    Raises
    ------
    ImportError
        If timm is not installed.
    """
    timm = timm_library()
    tagged = timm.list_models(pretrained=True)
    untrained = set(timm.list_models()) - {name.partition(".")[0] for name in tagged}
    entries = ((name, timm_settings(name)) for name in [*tagged, *sorted(untrained)])
    return [TIMM + name for name, entry in entries if entry is not None and is_for_images(entry)]
