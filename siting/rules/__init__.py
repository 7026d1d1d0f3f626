"""The federation's siting rules as areas, criteria, points and sentences.

files       rule files (data/rules), validated; sections reads them; book is what they say
stated      records of stated need as demand rows of plans
quotas      how many of a plan are in which area, of which kind
ahp         weights from pairwise comparisons
places      figures of any place; areas: in which areas places lie
reach       who and what is within reach of each candidate
measures    one function per measure of an area's rule; flow: whose way a candidate is on
traffic     proxies for foot traffic: size of a venue, stops, busy streets
common      one function per measure of the common criteria
streets     main streets as sample points
board       points, weights and ranks
changes     what would change a rank; ranges: how far ranks hang on weights and demand
scoring     a score per candidate, with evidence
sentences   what a secretary can read out, built from the evidence
"""

from siting.rules.book import Measure, Rule, RuleBook
from siting.rules.files import read_rules, read_rules_text
from siting.rules.scoring import Scoring

__all__ = ["Measure", "Rule", "RuleBook", "Scoring", "read_rules", "read_rules_text"]
