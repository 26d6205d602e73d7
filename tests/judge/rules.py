"""The five rules that make a verdict, as cases that a person can check on paper.

Each case is a function that asserts; test_rules.py runs them all, test_mutations.py shows that they fail when a rule
is mutated.
"""

from tests.judge.cases import combination, missing, rounding, scope, split
from tests.judge.given import CASES

__all__ = ["CASES", "combination", "missing", "rounding", "scope", "split"]
