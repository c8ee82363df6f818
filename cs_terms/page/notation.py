"""Formulas in reverse Polish notation: the page works them out without reading, let alone running, a formula."""

from cs_terms.formula import Call, Chain, Constant, Name, Negation, Node, parse


def write_postfix(formula: str) -> str:
    """Returns a formula as tokens with blanks between them, operands before their operator.

    A token is a fraction such as `1/10`, an operator, `neg`, `sum:minutes` for a function of a series, or `=promoters`
    for an input. Raises FormulaError.
    """
    tokens: list[str] = []
    waiting: list[Node | str] = [parse(formula).tree]
    while waiting:
        match waiting.pop():
            case str(token):
                tokens.append(token)
            case Constant(value):
                tokens.append(f"{value.numerator}/{value.denominator}")
            case Name(name):
                tokens.append(f"={name}")
            case Call(function, name):
                tokens.append(f"{function}:{name}")
            case Negation(operand):
                waiting += ["neg", operand]
            case Chain(first, rest):
                waiting += [part for operator, operand in reversed(rest) for part in (operator, operand)]
                waiting.append(first)
    return " ".join(tokens)
