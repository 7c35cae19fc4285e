"""The rules in words, for people: all of them, or those that hold under a project's switches."""

from __future__ import annotations

from dataclasses import replace

from mammoset.pseudonymize import claims
from mammoset.pseudonymize.actions import CLAIM
from mammoset.pseudonymize.options import Options
from mammoset.pseudonymize.private import private_rules
from mammoset.pseudonymize.profile import EXPLAIN_HEADER, MAY_BE_EMPTY, Rule, rules

PRIVATE_SOURCE = "private.csv: {name}"


def explain(options: Options | None = None) -> tuple[Rule, ...]:
    """Return the rules for people: `Rule.cells` under `EXPLAIN_HEADER`. What they do not name is removed.

    Parameters
    ----------
    options : Options or None
        Give those that hold under these switches, and what files then claim; None gives all, with their switch.
    """
    if options is None:
        return (*rules(), *_private())
    private = (one for one in _private() if one.keyword.rsplit(" ", 1)[0] in options.private_integers)
    found = (_in_force(rule, options) for rule in rules())
    return (*(one for one in found if one is not None), *private)


def markdown(found: tuple[Rule, ...]) -> list[str]:
    """Return rules as the lines of a table in Markdown."""
    rows = [" | ".join(cell.replace("|", ", ") for cell in rule.cells()) for rule in found]
    return [f"| {' | '.join(EXPLAIN_HEADER)} |", f"|{'---|' * len(EXPLAIN_HEADER)}", *(f"| {row} |" for row in rows)]


def _in_force(rule: Rule, options: Options) -> Rule | None:
    if not options.allows(rule.option):
        return replace(rule, action="empty", allowed="", otherwise="") if rule.type in MAY_BE_EMPTY else None
    if rule.action == "age" and options.age_band > 1:
        return replace(rule, allowed=f"{rule.allowed}, lower end of bands of {options.age_band}")
    return replace(rule, allowed=_claims(rule.keyword, options)) if rule.action == CLAIM else rule


def _claims(keyword: str, options: Options) -> str:
    """Return what a file may say of itself under these switches."""
    most = claims.most_that_can_be_kept(options)
    if keyword == "DeidentificationMethod":
        return "|".join(claims.method_words(options, most))
    if keyword == "DeidentificationMethodCodeSequence":
        return "|".join(code.value for code in claims.method_codes(options, most))
    if keyword == "BurnedInAnnotation":
        return claims.burned_in(options)
    return "|".join(sorted({claims.dates(most), claims.dates(frozenset())}))


def _private() -> tuple[Rule, ...]:
    return tuple(
        Rule(f"{one.creator} {one.tag}", "3", "private_integers", "private", f"{one.vr} {one.allowed}", "",
             PRIVATE_SOURCE.format(name=one.name))
        for one in private_rules()
    )  # fmt: skip
