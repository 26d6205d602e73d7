"""Conditions of templates as code and as words: the tests of branches, written out from what Jinja parsed."""

from jinja2 import nodes

_COMPARED = {"eq": "==", "ne": "!=", "gt": ">", "gteq": ">=", "lt": "<", "lteq": "<=", "in": "in", "notin": "not in"}
_SAID = {
    "==": "is", "!=": "is not", ">": "is more than", ">=": "is at least", "<": "is less than", "<=": "is at most",
    "in": "is one of", "not in": "is none of",
}  # fmt: skip
_TWO = {nodes.Add: "+", nodes.Sub: "-", nodes.Mul: "*", nodes.Div: "/", nodes.FloorDiv: "//", nodes.Mod: "%",
        nodes.And: "and", nodes.Or: "or"}  # fmt: skip


def code(node: nodes.Node | None) -> str:
    """Return an expression as a template writes it."""
    match node:
        case None:
            return ""
        case nodes.Const() | nodes.TemplateData():
            return repr(node.value) if isinstance(node, nodes.Const) else node.data
        case nodes.Name():
            return node.name
        case nodes.Getattr():
            return f"{code(node.node)}.{node.attr}"
        case nodes.Getitem():
            return f"{code(node.node)}[{code(node.arg)}]"
        case nodes.Slice():
            return f"{code(node.start)}:{code(node.stop)}"
        case nodes.Call():
            return f"{code(node.node)}({_arguments(node)})"
        case nodes.Filter():
            given = _arguments(node)
            return f"{code(node.node)}|{node.name}" + (f"({given})" if given else "")
        case nodes.Test():
            given = _arguments(node)
            return f"{code(node.node)} is {node.name}" + (f" {given}" if given else "")
        case nodes.Compare():
            return code(node.expr) + "".join(f" {_COMPARED[each.op]} {code(each.expr)}" for each in node.ops)
        case nodes.Not():
            return f"not {_within(node.node)}"
        case nodes.CondExpr():
            other = f" else {code(node.expr2)}" if node.expr2 else ""
            return f"{code(node.expr1)} if {code(node.test)}{other}"
        case nodes.Concat():
            return " ~ ".join(code(each) for each in node.nodes)
        case nodes.List() | nodes.Tuple():
            return f"[{', '.join(code(each) for each in node.items)}]"
        case nodes.Neg():
            return f"-{code(node.node)}"
        case nodes.BinExpr():
            return f"{_within(node.left)} {_TWO[type(node)]} {_within(node.right)}"
    raise TypeError(f"{type(node).__name__} is not known here")


def _within(node: nodes.Node) -> str:
    said = code(node)
    return f"({said})" if isinstance(node, nodes.And | nodes.Or | nodes.CondExpr) else said


def _arguments(node: nodes.Call | nodes.Filter | nodes.Test) -> str:
    named = [f"{each.key}={code(each.value)}" for each in node.kwargs or ()]
    return ", ".join([*(code(each) for each in node.args or ()), *named])


def words(node: nodes.Node) -> str:
    """Return a condition in words: names read as they are spelled, signs as they are said."""
    match node:
        case nodes.And() | nodes.Or():
            return f"{words(node.left)}{', and ' if isinstance(node, nodes.And) else ', or '}{words(node.right)}"
        case nodes.Not():
            return f"not: {words(node.node)}"
        case nodes.Compare():
            said = "".join(f" {_SAID[_COMPARED[each.op]]} {_name(each.expr)}" for each in node.ops)
            return f"{_name(node.expr)}{said}"
        case nodes.Test():
            given = _arguments(node)
            return f"{_name(node.node)} is {node.name}{' ' + given if given else ''}"
    return f"there is {_name(node)}"


def _name(node: nodes.Node) -> str:
    match node:
        case nodes.Const():
            return str(node.value)
        case nodes.Name():
            return node.name.replace("_", " ")
        case nodes.Getattr():
            return f"{_name(node.node)}'s {node.attr.replace('_', ' ')}"
        case nodes.Filter():
            said = _name(node.node) if node.node else ""
            return f"the number of {said}" if node.name == "length" else f"{said}, {node.name.replace('_', ' ')}"
        case nodes.Getitem() if isinstance(node.arg, nodes.Const):
            return f"{_name(node.node)}, {node.arg.value}"
    return code(node)
