"""Where networks run."""

import torch


def find_device(device: str, engine: str = "torch") -> str:
    """Resolve "auto" to a CUDA GPU if torch sees one, else the CPU; check any other name.

    Parameters
    ----------
    device : str
    engine : {"torch", "openvino"}
        OpenVINO runs on the CPU.

    Raises
    ------
    ValueError
        If there is no such device; the message lists those that there are.
    """
    if engine == "openvino":
        if device not in ("auto", "cpu"):
            raise ValueError(
                "engine='openvino' runs on the CPU: device must be 'auto' or 'cpu', got "
                f"{device!r}. For a GPU use engine='torch'."
            )
        return "cpu"
    count = torch.cuda.device_count() if torch.cuda.is_available() else 0
    known = ["cpu"] + ["cuda"] * (count > 0) + [f"cuda:{i}" for i in range(count)]
    if device == "auto":
        return "cuda" if count else "cpu"
    if device not in known:
        raise ValueError(
            f"device must be 'auto' or one that torch sees here ({', '.join(known)}), "
            f"got {device!r}."
        )
    return device
