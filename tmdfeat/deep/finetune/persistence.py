"""Fitted networks in files: arrays and plain values, so that reading one runs no code."""

from dataclasses import asdict, is_dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import torch

from tmdfeat.deep.finetune.checkpoint import read_tensors, write_tensors
from tmdfeat.deep.rendering import Rendering

FITTED = ("outputs_", "best_epoch_", "loss_curve_", "middle_", "spread_")
LEFT_OUT = ("init_from", "checkpoint")  # of the fit alone


def save_estimator(estimator, path: Path) -> None:
    """Write a fitted estimator.

    Raises
    ------
    TypeError
        If a parameter is no plain value.
    """
    notes = {
        "kind": type(estimator).__name__,
        "parameters": {k: _plain(k, v) for k, v in _kept_parameters(estimator).items()},
        "fitted": {name: getattr(estimator, name) for name in FITTED if hasattr(estimator, name)},
        "history": estimator.history_.to_dict("list"),
    }
    for name in ("classes_", "atoms_"):
        if hasattr(estimator, name):
            values = getattr(estimator, name)
            notes[name] = {"dtype": values.dtype.str, "values": values.tolist()}
    tensors = {name: torch.from_numpy(np.array(v)) for name, v in estimator.state_.items()}
    write_tensors(path, tensors, notes)


def load_estimator(cls, path: Path, backbone):
    """Read a fitted estimator of the class that is asked for."""
    if not path.is_file():
        raise FileNotFoundError(f"there is no file {str(path)!r}.")
    tensors, notes = read_tensors(path)
    if notes.get("kind") != cls.__name__:
        raise ValueError(f"{path} holds a {notes.get('kind')}: use {notes.get('kind')}.load.")
    parameters = {name: _revived(name, value) for name, value in notes["parameters"].items()}
    if isinstance(parameters["backbone"], dict):
        if backbone is None:
            raise ValueError(
                f"{path} was fitted with a network of the function "
                f"{parameters['backbone']['function']!r}, which a file cannot hold: give it as "
                "load(path, backbone=...)."
            )
        parameters["backbone"] = backbone
    estimator = cls(**parameters)
    for name, value in notes["fitted"].items():
        setattr(estimator, name, tuple(value) if name == "outputs_" else value)
    for name in ("classes_", "atoms_"):
        if name in notes:
            values = notes[name]
            setattr(estimator, name, np.array(values["values"], dtype=values["dtype"]))
    estimator.history_ = pd.DataFrame(notes["history"])
    estimator.state_ = {name: tensor.numpy() for name, tensor in tensors.items()}
    return estimator


def _kept_parameters(estimator) -> dict:
    parameters = estimator.get_params(deep=False)
    return {name: value for name, value in parameters.items() if name not in LEFT_OUT}


def _plain(name: str, value):
    if isinstance(value, np.generic):
        value = value.item()
    if name == "backbone" and not isinstance(value, str):
        return {"function": getattr(value, "__name__", type(value).__name__)}
    if is_dataclass(value) and not isinstance(value, type):
        return {"rendering": {k: _plain(k, v) for k, v in asdict(value).items()}}
    if isinstance(value, list | tuple | np.ndarray):
        return [_plain(name, each) for each in value]
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, np.random.RandomState):  # of fits to come, and no plain value
        return None
    if value is None or isinstance(value, str | int | float | bool):
        return value
    raise TypeError(f"{name}={value!r} cannot be written without pickling it; plain values can.")


def _revived(name: str, value):
    if name == "rendering" and value is not None:
        return Rendering(**value["rendering"])
    return tuple(value) if isinstance(value, list) else value
