"""What the log says of a touchpoint beside what happens without it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import journeysim as js
from journeysim.measures.estimates import student_quantile
from journeysim.touchpoint_effects.forced_outcomes import forced
from journeysim.touchpoint_effects.switched_off import switched_off
from journeysim.touchpoint_effects.touchpoint_effects import worlds_of
from tests.naive.attribution import shapley_by_orders
from tests.touchpoint_effects.test_switching_off import DOCUMENT

BANNER = Path(__file__).parents[2] / "scenarios" / "banner.toml"
SMALL = js.Scenario.from_document(DOCUMENT, name="small")


def rows_of(table, **where):
    return {
        row["touchpoint"]: row
        for row in table.to_pylist()
        if all(row[key] == value for key, value in where.items())
    }


@pytest.fixture(scope="module")
def banner():
    return js.touchpoints(BANNER)


def test_the_file_holds_the_world_of_the_demonstration():
    """Worked out from the story: 20 % decided, 30 % stuck, 70 % of those call."""
    smooth, calls = 0.7, 0.3 * 0.7
    decided, others = smooth * 0.6 + calls * 0.7, smooth * 0.05 + calls * 0.15
    world = js.load_scenario(BANNER).world
    bought = {}
    for name, need in world.needs.items():
        web, closed, banner = (
            {to: step.share for to, step in steps.items()}
            for steps in (
                need.channels["web"].after.contained,
                need.channels["banner"].after.closed,
                need.channels["banner"].after.contained,
            )
        )
        assert closed == banner
        phone = need.channels["phone"].resolution
        after_banner = banner["checkout"] + banner["phone"] * phone
        bought[name] = web["checkout"] + web["phone"] * phone + web["banner"] * after_banner
    assert bought == pytest.approx({"decided": decided, "undecided": others})
    shares = world.segments["visitors"].needs
    assert sum(shares[name] * bought[name] for name in shares) == pytest.approx(0.1666)


@pytest.mark.statistical
def test_the_log_credits_the_banner_with_half_and_it_changes_nothing(banner):
    claimed = rows_of(banner, method="removal_effect")
    # From the story: P(banner) x P(buys after it) / P(buys); P(calls) x P(buys on the phone) / ...
    exact = {"web": 1.0, "banner": 0.0831 / 0.1666, "phone": 0.0546 / 0.1666}
    for name, value in exact.items():
        error = claimed[name]["half_width"] / student_quantile(0.95, 19)
        assert abs(claimed[name]["share"] - value) <= 4 * error + 1e-12, name
    true = rows_of(banner, method="true_effect", goal="resolved")
    assert true["banner"]["lower"] <= 0.0 <= true["banner"]["upper"]
    # Common random numbers: not only on average, nobody at all buys more or less.
    assert true["banner"]["credit"] == true["banner"]["half_width"] == 0.0
    error = true["phone"]["half_width"] / student_quantile(0.95, 19)
    assert abs(true["phone"]["share"] - 0.0546 / 0.1666) <= 4 * error
    assert round(100 * claimed["banner"]["share"]) == 50
    difference = rows_of(banner, method="difference")
    assert difference["banner"]["lower"] > 0.45
    assert difference["phone"]["share"] == pytest.approx(0.0, abs=1e-12)


def test_every_customer_ends_as_before_without_the_banner():
    scenario = js.load_scenario(BANNER, set=["segments.visitors.arrivals.counts=[2000]"])
    off = switched_off(scenario, [("banner",)]).scenario
    ends = []
    for each in (scenario, off):
        journeys = js.simulate(each, replications=2).journeys
        keys = [("replication", "ascending"), ("customer", "ascending")]
        ends.append(journeys.select(["replication", "customer", "outcome"]).sort_by(keys))
    assert ends[0] == ends[1]


def test_the_true_effect_is_the_difference_of_two_runs_paired_by_replication():
    table = js.touchpoints(SMALL)
    everything = resolved_in(js.simulate(SMALL))
    for name, channels in {"web": ("web",), "phone": ("phone",)}.items():
        without = resolved_in(js.simulate(switched_off(SMALL, [channels]).scenario))
        gained = everything - without
        row = rows_of(table, method="true_effect", goal="resolved")[name]
        assert row["credit"] == pytest.approx(gained.mean())
        assert row["share"] == pytest.approx(gained.sum() / everything.sum())
        # The mean of paired differences has its usual Student interval.
        usual = student_quantile(0.95, 2) * gained.std(ddof=1) / np.sqrt(3)
        assert row["credit_half_width"] == pytest.approx(usual)
        claimed = rows_of(table, method="removal_effect")[name]
        difference = rows_of(table, method="difference")[name]
        assert difference["share"] == pytest.approx(claimed["share"] - row["share"])


def resolved_in(run):
    return np.array(
        [each.journeys["outcome"].to_pylist().count("resolved") for each in run], np.float64
    )


def test_lost_customers_stand_beside_unless_they_are_the_goal():
    both = js.touchpoints(SMALL)
    assert {row["goal"] for row in both.to_pylist()} == {"resolved", "lost"}
    lost = js.touchpoints(SMALL, goal="lost")
    assert {row["goal"] for row in lost.to_pylist()} == {"lost"}
    one = rows_of(both, method="true_effect", goal="lost")
    assert one == rows_of(lost, method="true_effect")
    several = js.touchpoints(SMALL, goal=("lost", "given_up"), simulated=())
    assert several["goal"][0].as_py() == "lost or given_up"


def test_with_all_sets_the_values_add_up_to_everything_less_nothing():
    table = js.touchpoints(SMALL, by="touchpoint", simulated=["interventional_shapley"])
    rows = rows_of(table, method="interventional_shapley")
    worlds = worlds_of(SMALL, by="touchpoint")
    names = list(worlds.touchpoints)
    assert names == ["online", "phone", "mail"]

    def worth(on):
        off = [name for place, name in enumerate(names) if place not in on]
        return int(worlds.outcomes(off)[:, 0].sum())

    values = shapley_by_orders(worth, len(names))
    for name, value in zip(names, values, strict=True):
        assert rows[name]["credit"] == pytest.approx(value / 3)
    # With every door closed nobody succeeds.
    assert sum(row["share"] for row in rows.values()) == pytest.approx(1.0)
    assert worth(()) == 0


def test_a_scenario_its_run_and_its_directory_give_the_same_table(tmp_path):
    table = js.touchpoints(SMALL)
    run = js.simulate(SMALL, out=tmp_path / "run")
    assert js.touchpoints(run).equals(table)
    assert js.touchpoints(tmp_path / "run", jobs=2).equals(table)
    file = tmp_path / "small.toml"
    file.write_text(SMALL.to_toml(), encoding="utf-8")
    assert js.touchpoints(file, jobs=1).equals(table)


def test_by_touchpoint_the_channels_of_one_count_together():
    table = js.touchpoints(SMALL, by="touchpoint", simulated=())
    assert list(rows_of(table, method="linear")) == ["online", "phone", "mail"]
    by_channel = rows_of(js.touchpoints(SMALL, simulated=()), method="linear")
    online = rows_of(table, method="linear")["online"]["share"]
    assert online == pytest.approx(by_channel["web"]["share"] + by_channel["chat"]["share"])


def test_one_replication_has_no_interval():
    table = js.touchpoints(SMALL, replications=1)
    assert table["half_width"].null_count == table.num_rows
    assert table["share"].null_count == 0


def test_what_cannot_be_done_is_said():
    with pytest.raises(js.MeasureError, match="did you mean 'resolved'"):
        js.touchpoints(SMALL, goal="resolve")
    with pytest.raises(js.MeasureError, match="name a journey outcome"):
        js.touchpoints(SMALL, goal=())
    with pytest.raises(js.MeasureError, match="'channel'"):
        js.touchpoints(SMALL, by="channels")
    with pytest.raises(js.MeasureError, match="did you mean 'decisiveness'"):
        js.touchpoints(SMALL, simulated=["decisivness"])
    with pytest.raises(js.MeasureError, match="128 sets"):
        js.touchpoints(
            "scenarios/omnichannel.toml", replications=1, simulated=["interventional_shapley"]
        )
    run = js.simulate(SMALL, replications=1)
    with pytest.raises(js.RunError, match="cannot be chosen again"):
        js.touchpoints(run, replications=2)


def test_own_rules_have_to_be_given_again():
    class Anything(js.Extension):
        """Changes nothing."""

    run = js.simulate(SMALL, replications=2, extension=Anything())
    with pytest.raises(js.RunError, match="extension"):
        js.touchpoints(run)
    assert js.touchpoints(run, extension=Anything()).equals(js.touchpoints(SMALL, replications=2))
    assert js.touchpoints(run, simulated=()).num_rows


def test_progress_counts_every_world_once():
    heard = []
    simulated = ["true_effect", "interventional_shapley", "decisiveness"]
    js.touchpoints(
        SMALL,
        by="touchpoint",
        replications=1,
        simulated=simulated,
        progress=lambda *said: heard.append(said),
    )
    # 3 touchpoints: 7 sets with something off, and each going well and badly.
    assert heard == [(done, 13, 0.0) for done in range(13)]


def test_decisiveness_is_well_less_badly_for_the_same_customers():
    table = js.touchpoints(SMALL, simulated=["decisiveness"])
    found = rows_of(table, method="decisiveness")
    well, badly = (
        resolved_in(js.simulate(forced(SMALL, ["phone"], ending=ending)))
        for ending in ("good", "bad")
    )
    assert found["phone"]["credit"] == pytest.approx((well - badly).mean())
    assert found["phone"]["share"] > found["web"]["share"] > 0.0
    # Nobody comes there.
    assert found["mail"]["credit"] == 0.0
