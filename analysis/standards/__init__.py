"""Policy as data: every threshold, weight and date comes from a YAML file here, checked on load."""

from analysis.standards.basis import Label, Sense
from analysis.standards.dated import State
from analysis.standards.items import Target
from analysis.standards.labels import Vocabulary, label, verdicts, vocabulary, within
from analysis.standards.load import load, names, path_of
from analysis.standards.model import Standard
from analysis.standards.plans import Plan, plan, plan_path

__all__ = [
    "Label",
    "Plan",
    "Sense",
    "Standard",
    "State",
    "Target",
    "Vocabulary",
    "label",
    "load",
    "names",
    "path_of",
    "plan",
    "plan_path",
    "verdicts",
    "vocabulary",
    "within",
]
