"""Formulas in reverse Polish notation: the page works them out without reading, let alone running, a formula."""

import ast

from cs_terms.formula import parse

_SIGNS: dict[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.Pow: "**",
}


def write_postfix(formula: str) -> str:
    """Returns a formula as tokens with blanks between them, operands before their operator.

    A token is a number, an operator, `neg`, `sum:minutes` for a function of a series, or `=promoters` for an input.
    Raises FormulaError.
    """
    parse(formula)  # refuses whatever the walk below does not know
    line = " ".join(formula.split())
    tokens: list[str] = []
    waiting: list[ast.expr | str] = [ast.parse(line, mode="eval").body]
    while waiting:
        match waiting.pop():
            case str(token):
                tokens.append(token)
            case ast.BinOp(left, operator, right):
                waiting += [_SIGNS[type(operator)], right, left]
            case ast.UnaryOp(sign, operand):
                waiting += [*(["neg"] if isinstance(sign, ast.USub) else []), operand]
            case ast.Constant() as number:
                tokens.append((ast.get_source_segment(line, number) or "").replace("_", ""))
            case ast.Call(ast.Name(function), [ast.Name(name)]):
                tokens.append(f"{function}:{name}")
            case ast.Name(name):
                tokens.append(f"={name}")
    return " ".join(tokens)
