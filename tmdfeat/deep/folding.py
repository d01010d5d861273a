"""A batch norm after a convolution is a scale and a shift: fold it into the convolution."""

from collections import Counter
from collections.abc import Iterator, Sequence

from torch import fx, nn
from torch.nn.utils.fusion import fuse_conv_bn_weights

from tmdfeat.deep.precision import plain_float32


class _Tracer(fx.Tracer):
    proxy_buffer_attributes = True  # else it would not show who reads running statistics


def fold_batch_norms(module: nn.Module, keep: Sequence[str] = ()) -> nn.Module:
    """Fold batch norms into the convolutions before them; what comes out stays the same.

    The norm's place is taken by an Identity, so that every module still has its name. Weights
    are computed in float64 and rounded once. A norm stays as it is where the convolution's own
    output is seen: by `keep`, or by a second user. Networks that torch.fx cannot trace stay
    as they are altogether.

    Parameters
    ----------
    module : torch.nn.Module
        In eval mode. Changed in place.
    keep : sequence of str
        Names of modules whose input or output is looked at, as in ``named_modules()``.

    Returns
    -------
    torch.nn.Module
        `module`.

    Examples
    --------
    >>> import torch
    >>> from tmdfeat.deep.folding import fold_batch_norms
    >>> net = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 1), torch.nn.BatchNorm2d(4)).eval()
    >>> fold_batch_norms(net)
    Sequential(
      (0): Conv2d(3, 4, kernel_size=(1, 1), stride=(1, 1))
      (1): Identity()
    )
    """
    for conv, norm in list(_pairs(module)):
        if not any(_sees_between(name, conv, norm) for name in keep):
            folded = module.get_submodule(norm)
            _fold(module.get_submodule(conv), folded)
            _take_away(module, folded)
    return module


def _pairs(module: nn.Module) -> Iterator[tuple[str, str]]:
    """Names of convolutions and the norms that alone use them, both run once in a pass."""
    graph = _graph(module)
    calls = Counter(str(node.target) for node in graph.nodes if node.op == "call_module")
    read = [str(node.target) for node in graph.nodes if node.op == "get_attr"]
    for node in graph.nodes:
        if node.op != "call_module" or len(node.args) != 1 or node.kwargs:
            continue
        before = node.args[0]
        if not isinstance(before, fx.Node) or before.op != "call_module" or len(before.users) > 1:
            continue
        conv, norm = str(before.target), str(node.target)
        once = calls[conv] == calls[norm] == 1
        elsewhere = any(name.startswith((f"{conv}.", f"{norm}.")) for name in read)
        if once and not elsewhere and _foldable(module, conv, norm):
            yield conv, norm


def _graph(module: nn.Module) -> fx.Graph:
    if not any(type(part) is nn.BatchNorm2d for part in module.modules()):
        return fx.Graph()
    try:
        # While it traces, torch records what any thread's modules do: ours wait for this lock.
        with plain_float32("cpu"):
            return _Tracer().trace(module)
    except Exception:
        # Tracing runs a user's forward with stand-ins for tensors, which may fail in any way.
        # Folding only makes it faster, so nothing is lost but time.
        return fx.Graph()


def _foldable(module: nn.Module, conv: str, norm: str) -> bool:
    # Subclasses may compute more, hooks and parametrizations may see or change what passes.
    first, second = module.get_submodule(conv), module.get_submodule(norm)
    plain = type(first) is nn.Conv2d and type(second) is nn.BatchNorm2d
    return (
        plain
        and not second.training
        and second.running_mean is not None
        and not any(m._forward_hooks or m._forward_pre_hooks for m in (first, second))
    )


def _sees_between(name: str, conv: str, norm: str) -> bool:
    """Say whether a module's input or output is what the convolution gives to the norm."""
    inside = [f"{part}.".startswith(f"{name}.") for part in (conv, norm)]
    return inside[0] != inside[1]


def _fold(conv, norm) -> None:
    def exact(tensor):
        return None if tensor is None else tensor.detach().double()

    weight, bias = fuse_conv_bn_weights(
        exact(conv.weight),
        exact(conv.bias),
        exact(norm.running_mean),
        exact(norm.running_var),
        norm.eps,
        exact(norm.weight),
        exact(norm.bias),
    )
    dtype, trained = conv.weight.dtype, conv.weight.requires_grad
    conv.weight = nn.Parameter(weight.to(dtype), trained)
    conv.bias = nn.Parameter(bias.to(dtype), trained)


def _take_away(module: nn.Module, norm: nn.Module) -> None:
    """Put an Identity wherever the norm is, as it may have several names."""
    everywhere = list(module.named_modules(remove_duplicate=False))
    for parent, _, child in (name.rpartition(".") for name, part in everywhere if part is norm):
        setattr(module.get_submodule(parent), child, nn.Identity())
