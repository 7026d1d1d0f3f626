"""The federation's siting rules as measures, points and sentences.

files       rule files (data/rules), validated
reach       who and what is within reach of each candidate
measures    one function per measure: the figure that speaks for each candidate, and its subject
streets     main streets as sample points
scoring     area types, evidence, points and rank
sentences   what a secretary can read out, built from the evidence
"""

from siting.rules.files import Measure, Rule, RuleBook, read_rules
from siting.rules.scoring import score_candidates

__all__ = ["Measure", "Rule", "RuleBook", "read_rules", "score_candidates"]
