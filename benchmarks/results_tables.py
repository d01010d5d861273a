"""Pieces that all sections of docs/results.md are made of."""


def table(header, rows) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def interval(score) -> str:
    return f"{score['mean']:.3f} ({score['low']:.3f} to {score['high']:.3f})"


def ranged(value) -> str:
    low, high = value["spread"]
    return f"{value['median']:g} ({low:g} to {high:g})"


def where(found: dict) -> str:
    about = found["provenance"]
    return (
        f"Measured {about['date']} at commit {about['commit']}: Python {about['python']}, "
        f"scikit-learn {about['scikit-learn']}, torch {about['torch']}, "
        f"xgboost {about['xgboost']}; {about['processor']}, {about['cores']} cores."
    )
