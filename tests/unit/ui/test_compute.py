"""What pages show is worked out once; tables that say the same stay the very same tables."""

from register import Register
from siting.coverage.levels import Terms
from siting.model import Parameters
from siting.scenario import LAYERS
from ui import compute

WHO = "tester"


def test_only_the_table_that_changed_is_another_one(district: Register) -> None:
    before = compute.read_book(district).inputs
    district.add_candidate(116.31, 39.71, name="新候选点", who=WHO)
    after = compute.read_book(district).inputs
    kept = [name for name in LAYERS if getattr(before, name) is getattr(after, name)]
    assert kept == [name for name in LAYERS if name != "candidates"]
    assert len(after.candidates) == len(before.candidates) + 1
    own = {one.id: one.version for one in district.records("candidates") if not one.layer_id}
    assert compute.read_book(district).own == own != {}


def test_nobody_is_scored_until_somebody_looks(district: Register) -> None:
    book = compute.read_book(district)
    now = compute.situation(district, book, Parameters(cutoff_m=600.0), Terms())
    assert now.evaluation.scoring is not None
    assert "board" not in vars(now.evaluation.scoring)
    score = now.evaluation.score_of("c1")
    assert score is not None
    assert score.sentence_zh == now.evaluation.scores[0].sentence_zh
