"""The command `tmdfeat backbones`: which networks there are, and what they cost."""

from typing import Annotated

import typer

from tmdfeat.cli.errors import errors_in_words


def backbones(
    pattern: Annotated[
        str, typer.Argument(help="Names with wildcards, e.g. 'resnet*' or 'timm/convnext*'.")
    ] = "*",
    names: Annotated[bool, typer.Option("--names", help="Only names: at once.")] = False,
) -> None:
    """List networks: columns, input size, parameters, operations for one image, weights."""
    with errors_in_words(flags={}):
        from tmdfeat.deep import backbone_names, list_backbones

        found = backbone_names(pattern)
        if not found:
            raise ValueError(
                f"no network is named {pattern!r}. Patterns have wildcards, as in 'resnet*'; names "
                "of timm's networks begin with 'timm/', as in 'timm/resnet*'."
            )
        if names:
            typer.echo("\n".join(found))
            return
        table = list_backbones(pattern)
        table["local"] = table["local"].map({True: "yes", False: "no"})
        digits = {"parameters_M": "{:.1f}", "gflops": "{:.2f}", "weights_MB": "{:.0f}"}
        formatters = {column: form.format for column, form in digits.items()}
        typer.echo(table.to_string(index=False, na_rep="-", formatters=formatters))
        typer.echo("gflops: for one image, a multiply-add counted as two; MB: 10^6 bytes")
