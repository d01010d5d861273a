"""The elements in a chemical formula."""

import re
from unicodedata import normalize

PERIODIC_TABLE = """
    H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se
    Br Kr Rb Sr Y Zr Nb Mo Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb
    Dy Ho Er Tm Yb Lu Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi Po At Rn Fr Ra Ac Th Pa U Np Pu Am Cm
    Bk Cf Es Fm Md No Lr Rf Db Sg Bh Hs Mt Ds Rg Cn Nh Fl Mc Lv Ts Og
"""
SYMBOLS = frozenset(PERIODIC_TABLE.split())
# Of 2H-MoS2, 2H MoS2, Td-WTe2, WS2/h-BN and MoS2 (2H): their H is no hydrogen
PHASE = re.compile(
    r"(?<![^/+\s])(?:\d+[HTR][a-d]?['′]?[-‐–\s_]|(?:\d*[HTRhcαβγδ]['′]?|T_?d)[-‐–])"
    r"|[-‐–\s_(]+\d[HTR][a-d]?['′]?\)?$"
)
# An element, long symbols first; or amounts (1-x), brackets, and what joins parts
PART = re.compile(
    f"({'|'.join(sorted(SYMBOLS, key=len, reverse=True))})"
    r"|[\d.xyzδ()\[\]{},:/_+\s·⋅•‐–−-]"
)


def elements(formula: str) -> tuple[str, ...]:
    """Find the elements in a chemical formula, whatever their amounts.

    Parameters
    ----------
    formula : str
        E.g. ``"MoS2"``, ``"Mo-WSe2"``, ``"Mo0.5W0.5Se2"``, ``"(Bi,Sb)2Te3"``, ``"2H-MoS2"``,
        ``"WS2/MoS2"``.

    Returns
    -------
    tuple of str
        Symbols in the order in which they first stand there.

    Raises
    ------
    ValueError
        If it is no formula: says which part is no element.

    Examples
    --------
    >>> elements("Mo-WSe2")
    ('Mo', 'W', 'Se')
    >>> elements("2H-Mo(S1-xSex)2")
    ('Mo', 'S', 'Se')
    """
    text = normalize("NFKC", str(formula)).strip()  # subscripts on the line
    text = PHASE.sub("", text)
    start, found = 0, []
    while start < len(text):
        part = PART.match(text, start)
        if part is None:
            raise ValueError(
                f"{text!r} is no chemical formula: {text[start:]!r} begins with no element. "
                "Write e.g. 'MoS2', 'Mo-WSe2' or 'Mo0.5W0.5Se2'; upper and lower case matter."
            )
        found.append(part[1])
        start = part.end()
    atoms = tuple(dict.fromkeys(atom for atom in found if atom))
    if not atoms:
        raise ValueError(
            f"{text!r} is no chemical formula: it holds no element. Write e.g. 'MoS2'."
        )
    return atoms
