"""Why a file is not YAML, in words for somebody who does not know YAML: what is wrong, and what to write instead."""

import re
from collections.abc import Callable

import yaml

from cs_terms.loading.files import START, Mark, UnreadableError
from cs_terms.loading.yaml_tree import QUOTE

LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
"""PyYAML's loader: that of libyaml, where PyYAML has it."""
_ENTRY = re.compile(r"(\s*(?:- +)*(?:[^\s:{\[\"'#][^:{\[\"'#]*|\"[^\"]*\"|'[^']*'):)(\s+)(\S.*)")
"""A line with a key and a value: up to the colon, the blanks after it, the value."""

_JOINED = re.compile(r"(\s*(?:- )?)([\w.-]+):([^\s:/].*)")
"""A line with a key and a value, and no space between them."""


def explain(error: yaml.YAMLError, text: str) -> UnreadableError:
    """What to tell of an error that PyYAML has found in a text."""
    lines = re.split("\r\n|\r|\n", text)
    if not isinstance(error, yaml.MarkedYAMLError):
        return UnreadableError("syntax", "a control character that no text may have; delete it", START)
    mark = error.problem_mark or error.context_mark
    at = (mark.line + 1, mark.column + 1) if mark else START
    begun = (error.context_mark.line + 1, error.context_mark.column + 1) if error.context_mark else at
    mistake = _Mistake(f"{error.context or ''}: {error.problem or ''}", at, begun, lines, text)
    for look in _LOOKS:
        if found := look(mistake):
            return UnreadableError("syntax", *found)
    words = error.problem or "it ends too early"
    message = (
        f"this cannot be read ({words}); look for a quotation mark, bracket or colon that is missing here or above"
    )
    return UnreadableError("syntax", message, at)


class _Mistake:
    """Where the parser stopped, and what it said."""

    def __init__(self, said: str, at: Mark, begun: Mark, lines: list[str], text: str) -> None:
        self.said = said
        self.at = at
        self.begun = begun
        """Where what it was reading begins."""
        self.lines = lines
        self.text = text

    def line(self, number: int) -> str:
        """The line of that number, counted from 1; empty where there is none."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""

    @property
    def rest(self) -> str:
        """The line from where the parser stopped."""
        return self.line(self.at[0])[self.at[1] - 1 :]

    def tokens(self) -> list[yaml.Token]:
        """What could be read before that place."""
        found: list[yaml.Token] = []
        try:
            for token in yaml.scan(self.text, Loader=LOADER):
                if (token.start_mark.line + 1, token.start_mark.column + 1) > self.at:
                    break
                found.append(token)
        except yaml.YAMLError:
            pass
        return found


_Found = tuple[str, Mark] | None
_Look = Callable[[_Mistake], _Found]


def _find_tab(mistake: _Mistake) -> _Found:
    for number in (mistake.at[0], mistake.begun[0]):
        if found := re.match(r" *\t", mistake.line(number)):
            message = "a tab at the beginning of the line; YAML indents with spaces: replace each tab with two spaces"
            return message, (number, found.end())
    if mistake.rest.startswith("\t"):
        return "a tab; YAML needs spaces here: replace it with a space", mistake.at
    return None


def _find_sign(mistake: _Mistake) -> _Found:
    """A text that begins with a sign that YAML takes for its own."""
    for number, column in (mistake.at, mistake.begun):
        line = mistake.line(number)
        entry = _ENTRY.fullmatch(line)
        item = re.fullmatch(r"(\s*-\s+)()(\S.*)", line)
        found = entry or item
        if found and found[3][0] in "@`%*&!|>?" and (column > len(found[1]) or number == mistake.begun[0]):
            sign = found[3][0]
            if sign in "|>" and re.fullmatch(r"[|>][-+0-9]*\s*(#.*)?", found[3]):
                continue
            return f"a text cannot begin with {sign}; {_write_quoted(line)}", (number, len(found[1] + found[2]) + 1)
        if line.startswith("%"):
            return f"a line cannot begin with %; {QUOTE}", (number, 1)
    if mistake.rest[:1] in ("@", "`", "%") and "cannot start any token" in mistake.said:
        return f"a text cannot begin with {mistake.rest[0]}; {QUOTE}", mistake.at
    return None


def _find_quote(mistake: _Mistake) -> _Found:
    """A quotation mark that is not closed, or closed before its text ends."""
    if "escape character" in mistake.said or "hexdec" in mistake.said:
        found = mistake.rest[:2] if mistake.rest.startswith("\\") else "a backslash"
        message = f"{found} within double quotation marks; write \\\\ for a backslash, or use single quotation marks"
        return message, mistake.at
    if "quoted scalar" in mistake.said:
        sign = mistake.line(mistake.begun[0])[mistake.begun[1] - 1 : mistake.begun[1]] or '"'
        return f"this quotation mark is never closed; add {sign} at the end of the text", mistake.begun
    quoted = [each for each in mistake.tokens() if isinstance(each, yaml.ScalarToken) and each.style in ("'", '"')]
    if not quoted:
        return None
    last = quoted[-1]
    opened, closed = (last.start_mark.line + 1, last.start_mark.column + 1), last.end_mark.line + 1
    sign = str(last.style)
    if opened[0] < closed and closed in (mistake.at[0], mistake.begun[0]):
        message = f"this quotation mark is closed only on line {closed}; add {sign} at the end of its own text"
        return message, opened
    after = mistake.line(closed)[last.end_mark.column :]
    if closed in (mistake.at[0], mistake.begun[0], mistake.at[0] - 1) and re.match(r"\s*[^\s:,#\]}]", after):
        advice = (
            "write '' for an apostrophe within single quotation marks" if sign == "'" else 'write \\" within the text'
        )
        message = (
            f"the text ends at this quotation mark, and more follows; put all of it in quotation marks, or {advice}"
        )
        return message, (closed, last.end_mark.column)
    return None


def _find_colon(mistake: _Mistake) -> _Found:
    """A colon in a text, none where one is wanted, or one without a space after it."""
    number, _ = mistake.at
    if "could not find expected ':'" in mistake.said or "<document start>" in mistake.said:
        for number in (mistake.begun[0], mistake.at[0], mistake.at[0] - 1):
            line = mistake.line(number)
            if found := _JOINED.match(line):
                message = f"there is no space after the colon; write {found[2]}: {found[3][:40]}"
                return message, (number, len(found[1] + found[2]) + 2)
        line = mistake.line(mistake.begun[0])
        if line.strip() and not re.search(r":(\s|$)", line):
            start = len(line) - len(line.lstrip()) + 1
            message = "this line has no colon; write key: value, or indent it further if it goes on with the text above"
            return message, (mistake.begun[0], start)
    if "mapping values are not allowed" not in mistake.said:
        return None
    line = mistake.line(number)
    entry = _ENTRY.fullmatch(line)
    if entry and mistake.at[1] > len(entry[1]):
        return f"a colon with a space after it, within a text; {_write_quoted(line)}", mistake.at
    above = next((each for each in range(number - 1, 0, -1) if mistake.line(each).strip()), 0)
    if found := _JOINED.match(mistake.line(above)):
        message = f"there is no space after the colon; write {found[2]}: {found[3][:40]}"
        return message, (above, len(found[1] + found[2]) + 2)
    if found := re.fullmatch(r"(\s*(?:- )?)([\w.-]+)( \S.*)?\s*", mistake.line(above)):
        return f"there is no colon after {found[2]}; write {found[2]}:{(found[3] or '')[:40]}", (
            above,
            len(found[1] + found[2]) + 1,
        )
    if above and (before := _ENTRY.fullmatch(mistake.line(above))):
        key = before[1].strip().lstrip("- ")
        column = len(before[1]) - len(before[1].lstrip(" -")) + 1
        message = (
            f"this line is indented further than {key} above it, which has a value already;"
            f" begin it in the same column ({column}), or {QUOTE} if it goes on with that"
        )
        return message, (number, len(line) - len(line.lstrip()) + 1)
    return f"a colon where there can be none; {QUOTE} if the colon is part of it", mistake.at


def _list_open(tokens: list[yaml.Token]) -> list[yaml.Token]:
    """The brackets and braces that are not closed, the innermost last."""
    opened: list[yaml.Token] = []
    for token in tokens:
        if isinstance(token, tuple(_ENDS)):
            opened.append(token)
        elif opened and isinstance(token, _ENDS[type(opened[-1])]):
            opened.pop()
    return opened


_ENDS: dict[type, type] = {
    yaml.FlowMappingStartToken: yaml.FlowMappingEndToken,
    yaml.FlowSequenceStartToken: yaml.FlowSequenceEndToken,
}


def _find_bracket(mistake: _Mistake) -> _Found:
    """A bracket or brace that is not closed, or a comma or colon too many within."""
    if mistake.rest[:1] in ("]", "}") and "flow" not in mistake.said:
        return f"this {mistake.rest[0]} closes nothing; delete it, or {QUOTE} if it is part of it", mistake.at
    if "flow" not in mistake.said:
        return None
    opened = _list_open(mistake.tokens())
    if not opened:
        return f"there can be no {mistake.rest[:1] or 'end of the file'} here; {QUOTE} if it is part of one", mistake.at
    mark = opened[-1].start_mark
    sign, closing = ("{", "}") if isinstance(opened[-1], yaml.FlowMappingStartToken) else ("[", "]")
    line = mistake.line(mark.line + 1)
    start = (mark.line + 1, mark.column + 1)
    if (comment := re.search(r"\s#", line[mark.column :])) and closing in line[mark.column + comment.start() :]:
        message = f"all after # is a comment, the closing {closing} too; {QUOTE} if the # is part of it"
        return message, (mark.line + 1, mark.column + comment.start() + 2)
    if mistake.at[0] == mark.line + 1 and mistake.rest.startswith(","):
        return "two commas without anything between them; delete one", mistake.at
    if mistake.at[0] == mark.line + 1 and mistake.rest.startswith(":"):
        return (
            f"a second colon; {QUOTE} if it is part of it, or put a comma before the key that it belongs to",
            mistake.at,
        )
    if mistake.rest[:1] in ("]", "}"):
        return f"{mistake.rest[0]} cannot close the {sign} on line {start[0]}; write {closing}", mistake.at
    return f"this {sign} is never closed; add {closing} where its last entry ends", start


def _find_list(mistake: _Mistake) -> _Found:
    if "block sequence entries are not allowed" in mistake.said:
        line = mistake.line(mistake.at[0])
        if found := re.match(r"\s*([\w.-]+):\s+-\s+(.*)", line):
            message = f"a list cannot begin on the line of its key; write {found[1]}: [{found[2][:40]}],"
            return f"{message} or begin each item with - on a line of its own", mistake.at
        return "a list item where none can be; begin it in the column of the other items", mistake.at
    if "expected '-' indicator" in mistake.said:
        column = mistake.begun[1]
        message = f"this line stands among the items of a list (from line {mistake.begun[0]}); begin it with -"
        return f"{message} in column {column}, or indent it further if it belongs to the item above", mistake.at
    return None


def _find_indentation(mistake: _Mistake) -> _Found:
    if "did not find expected key" not in mistake.said and "<document start>" not in mistake.said:
        return None
    number, column = mistake.at
    first = next((each for each, line in enumerate(mistake.lines, 1) if line.strip() and line.lstrip()[0] != "#"), 1)
    if column == 1 and first < number and mistake.line(first).startswith(" "):
        message = f"this line is indented, and line {number} is not; begin this and what is in its column in column 1"
        return message, (first, len(mistake.line(first)) - len(mistake.line(first).lstrip()) + 1)
    if mistake.rest.startswith("- "):
        key = mistake.begun[0]
        message = f"a list item among the keys that begin on line {key}; take out the -"
        return f"{message}, or indent the line further if it belongs to the key above", mistake.at
    columns: dict[int, int] = {}
    for above in range(number - 1, 0, -1):
        line = mistake.line(above)
        if line.strip() and not line.lstrip().startswith("#"):
            columns.setdefault(len(line) - len(line.lstrip()) + 1, above)
    near = sorted(sorted(columns, key=lambda each: abs(each - column))[:2])
    if column in columns or not near:
        return None
    where = " or ".join(f"in column {each}, as line {columns[each]} does" for each in near)
    return f"this line is not lined up with any line above it; begin it {where}", mistake.at


_LOOKS: tuple[_Look, ...] = (
    _find_tab,
    _find_sign,
    _find_quote,
    _find_colon,
    _find_list,
    _find_bracket,
    _find_indentation,
)
"""From what is found with certainty to what is likely."""


def _write_quoted(line: str) -> str:
    """The advice to quote the value of a line, with the line as it would be written."""
    found = _ENTRY.fullmatch(line) or re.fullmatch(r"(\s*-)(\s+)(\S.*)", line)
    if found is None or len(found[3]) > 60 or found[3][0] in "{[\"'":
        return QUOTE
    key, value = found[1].strip(), found[3].rstrip()
    if value[0] in "\u201c\u201d\u201e\u2018\u00ab":
        return f'{value[0]} is no quotation mark to YAML; use straight ones: {key} "{value[1:-1]}"'
    sign = "'" if '"' in value or "\\" in value else '"'
    value = value.replace("'", "''") if sign == "'" else value
    return f"{QUOTE}: {key} {sign}{value}{sign}"
