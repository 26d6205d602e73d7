"""Templates taken apart into branches, each with the words it prints and the condition it prints them on.

A branch is what stands between two tags that decide: the whole of a template or macro, a side of an `if`, the body of
a `for`, a side of `a if b else c`. `Probe` is an environment whose templates note each branch that they go through
and what it said. Both languages have the same statements line by line (tests/tell/test_templates.py), so that the
branches of one stand beside those of the other.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from jinja2 import Environment, nodes, pass_context
from markupsafe import Markup

from analysis import project
from analysis.tell.speech import templates
from tests.sentences.conditions import code, words

#: Expressions whose text is no words of ours: what is printed is a number or a name.
_PLACE = "{…}"


@dataclass(frozen=True)
class Branch:
    """`conditions` are those that must hold, the outermost first; `said` the words between `{…}` for what is put in,
    `told` what is put in, as code."""

    template: str
    number: int
    line: int
    conditions: tuple[str, ...]
    trigger: tuple[str, ...]
    said: str
    told: tuple[str, ...]

    @property
    def speaks(self) -> bool:
        """Whether the branch has words of its own, not only blanks, marks and what is put in."""
        return any(letter.isalpha() for letter in self.said.replace("…", ""))


@dataclass
class Probe:
    """What the templates of a language went through: number of a branch to the first text that it said."""

    lang: str
    said: dict[tuple[str, int], str] = field(default_factory=dict)
    compiled: templates.Compiled = field(default_factory=templates.Compiled)

    def environment(self, here: Callable[[str], str], finalize: Any) -> Environment:
        """Return an environment as templates.environment_of does, whose templates are watched."""
        plain = templates.environment_of(self.lang, here, finalize)
        watched = _Watched(
            loader=plain.loader,
            undefined=plain.undefined,
            autoescape=True,
            finalize=finalize,
            optimized=False,
            bytecode_cache=self.compiled,
            comment_start_string=plain.comment_start_string,
            comment_end_string=plain.comment_end_string,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        watched.filters |= plain.filters
        watched.filters["_watched"] = self._watched
        watched.globals |= {"_seen": self._seen, "_saw": self._saw}
        return watched

    def _watched(self, text: Any, name: str, number: int) -> Any:
        if not self.said.get((name, number)):
            self.said[name, number] = str(text)
        return text

    def _seen(self, name: str, number: int) -> Any:
        self.said.setdefault((name, number), "")
        return Markup("")

    def _saw(self, name: str, number: int, value: Any) -> Any:
        self.said.setdefault((name, number), str(value))
        return value


class _Watched(Environment):
    """An environment that puts the notes of a Probe into what it parses."""

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        if name is not None:
            for branch, body in bodies(tree, name):
                _put(branch, body)
            tree.set_environment(self)
        return tree


def _call(function: str, branch: Branch, *given: nodes.Expr) -> nodes.Call:
    arguments = [nodes.Const(branch.template), nodes.Const(branch.number), *given]
    return nodes.Call(nodes.Name(function, "load"), arguments, [], None, None)


def _put(branch: Branch, body: list[nodes.Node] | nodes.CondExpr) -> None:
    """Note a branch: what it says where it can be caught, else that it was gone through."""
    if isinstance(body, nodes.CondExpr):
        side = "expr1" if branch.conditions[-1] == code(body.test) else "expr2"
        setattr(body, side, _call("_saw", branch, getattr(body, side) or nodes.Const("")))
        return
    if any(isinstance(each, nodes.Assign | nodes.AssignBlock | nodes.Macro | nodes.FromImport) for each in body):
        body.insert(0, nodes.Output([_call("_seen", branch)]))
        return
    arguments = [nodes.Const(branch.template), nodes.Const(branch.number)]
    body[:] = [nodes.FilterBlock(list(body), nodes.Filter(None, "_watched", arguments, [], None, None))]


@dataclass(frozen=True)
class _Place:
    """Where a walk through a template stands."""

    template: str
    conditions: tuple[str, ...] = ()
    trigger: tuple[str, ...] = ()

    def under(self, condition: str, trigger: str) -> "_Place":
        return _Place(self.template, (*self.conditions, condition), (*self.trigger, trigger))


Found = tuple[Branch, Any]


def bodies(tree: nodes.Template, name: str) -> list[Found]:
    """Return the branches of a template with their nodes, in the order of the template."""
    walked = list(_walk(tree.body, _Place(name), 0))
    return [(_numbered(branch, number), body) for number, (branch, body) in enumerate(walked)]


def _numbered(branch: Branch, number: int) -> Branch:
    return Branch(**(branch.__dict__ | {"number": number}))


def _walk(body: list[nodes.Node], place: _Place, line: int) -> Iterator[Found]:
    """Yield the branch that a body is, then those within it."""
    if not body:
        return
    said, told = "".join(_said(body)), tuple(_told(body))
    yield Branch(place.template, 0, line or body[0].lineno, place.conditions, place.trigger, said, told), body
    for node in body:
        yield from _within(node, place)


def _within(node: nodes.Node, place: _Place) -> Iterator[Found]:
    match node:
        case nodes.If():
            yield from _sides(node, place)
        case nodes.For():
            inner = f"for {code(node.target)} in {code(node.iter)}" + (f" if {code(node.test)}" if node.test else "")
            yield from _walk(node.body, place.under(inner, f"each of {code(node.iter)}"), node.lineno)
            none = place.under(f"nothing in {code(node.iter)}", f"none of {code(node.iter)}")
            yield from _walk(node.else_, none, node.lineno)
        case nodes.Macro():
            yield from _walk(node.body, _Place(place.template, (f"macro {node.name}",), ()), node.lineno)
        case nodes.FilterBlock() | nodes.CallBlock() | nodes.AssignBlock() | nodes.With() | nodes.Scope():
            for each in node.body:
                yield from _within(each, place)
        case _:
            for each in node.find_all(nodes.CondExpr):
                yield from _choice(each, place)


def _sides(node: nodes.If, place: _Place) -> Iterator[Found]:
    """Yield the sides of an `if` with its `elif` and `else`: each holds where none before it does."""
    before: list[tuple[str, str]] = []
    for each in (node, *node.elif_):
        so = (code(each.test), words(each.test))
        under = place
        for condition, trigger in before:
            under = under.under(f"not ({condition})", f"not: {trigger}")
        yield from _walk(each.body, under.under(*so), each.lineno)
        before.append(so)
    under = place
    for condition, trigger in before:
        under = under.under(f"not ({condition})", f"not: {trigger}")
    yield from _walk(node.else_, under, node.lineno)


def _choice(node: nodes.CondExpr, place: _Place) -> Iterator[Found]:
    test, said = code(node.test), words(node.test)
    one = place.under(test, said)
    yield Branch(place.template, 0, node.lineno, one.conditions, one.trigger, _text(node.expr1), ()), node
    other = place.under(f"not ({test})", f"not: {said}")
    text = _text(node.expr2) if node.expr2 else ""
    yield Branch(place.template, 0, node.lineno, other.conditions, other.trigger, text, ()), node


def _text(node: nodes.Expr) -> str:
    return str(node.value) if isinstance(node, nodes.Const) else _PLACE


def _said(body: list[nodes.Node]) -> Iterator[str]:
    """Yield the words of a body that stand in it alone: what other branches say is {…}."""
    for node in body:
        if isinstance(node, nodes.Output):
            for each in node.nodes:
                yield each.data if isinstance(each, nodes.TemplateData) else _PLACE
        elif isinstance(node, nodes.FilterBlock | nodes.CallBlock | nodes.AssignBlock):
            yield from _said(node.body)
        elif isinstance(node, nodes.If | nodes.For):
            yield _PLACE


def _told(body: list[nodes.Node]) -> Iterator[str]:
    """Yield what a body puts into its words, as code."""
    for node in body:
        if isinstance(node, nodes.Output):
            yield from (code(each) for each in node.nodes if not isinstance(each, nodes.TemplateData))
        elif isinstance(node, nodes.FilterBlock | nodes.CallBlock | nodes.AssignBlock):
            yield from _told(node.body)


@cache
def branches(lang: str, name: str) -> tuple[Branch, ...]:
    """Return the branches of a template of a language."""
    environment = templates.environment_of(lang, str, pass_context(lambda _, value: value))
    assert environment.loader is not None
    source, _, _ = environment.loader.get_source(environment, name)
    return tuple(branch for branch, _ in bodies(environment.parse(source, name), name))


@cache
def names() -> tuple[str, ...]:
    """Return the names of all templates."""
    return tuple(sorted(path.name for path in (project.templates() / "zh").glob("*.j2")))
