import tomllib

import pytest

from journeysim.errors import ScenarioError
from journeysim.scenario.channel_kinds import KINDS
from journeysim.scenario.scenario import Scenario
from tests.unit.documents import found

FORM = [
    ("seeed = 3", "seeed: unknown key; did you mean 'seed'?"),
    ("seed = -1", "seed: must be at least 0, got -1"),
    ("seed = '1'", "seed: must be a whole number, got '1'"),
    ("seed = true", "seed: must be a whole number, got true"),
    ("replications = 0", "replications: must be at least 1, got 0"),
    ("title = 3", "title: must be text in quotes, got 3"),
    ("time = 3", "time: must be a table, got 3"),
    ("[time]\nhorizon = 3", ("time.horizon: must be a duration with its unit in quotes, e.g. "
     "'90s', got 3")),
    ("[time]\nhorizon = '0s'", "time.horizon: must be more than 0s, got '0s'"),
    ("[time]\nstarts_on = 'sundy'", ("time.starts_on: must be one of monday, tuesday, wednesday, "
     "thursday, friday, saturday, sunday, got 'sundy'; did you mean 'sunday'?")),
    ("[demand]\ninterval_factor = { cv = 0.1, every = '2d' }",
     "demand.interval_factor.every: must be at most 1d, got '2d'"),
    ("[demand]\nday_factor = { cv = -0.1 }", "demand.day_factor.cv: must be at least 0, got -0.1"),
    ("[demand]\nday_factor = { cv = nan }",
     "demand.day_factor.cv: must be a finite number, got nan"),
    ("[demand]\nday_factor = { }", "demand.day_factor.cv: is missing"),
    ("[channels.phone]\nkind = 'que'", (f"channels.phone.kind: must be one of {', '.join(KINDS)}, "
     "got 'que'; did you mean 'queue'?")),
    ("[channels.phone]\nlines = 2.5", "channels.phone.lines: must be a whole number, got 2.5"),
    ("[channels.phone]\nresolution = 1.2", "channels.phone.resolution: must be at most 1, got 1.2"),
    ("[channels.phone]\nresolution = '0.5'",
     "channels.phone.resolution: must be a number, got '0.5'"),
    ("[channels.phone]\ntalk = 180", ("channels.phone.talk: must be a duration such as '5m', or a "
     "table such as { distribution = \"exponential\", mean = \"5m\" }, got 180")),
    ("[channels.phone]\npatience = { mean = '5m' }",
     "channels.phone.patience: has no key 'distribution', e.g. distribution = \"exponential\""),
    ("[channels.phone]\npatience = { distribution = 'exponentail', mean = '5m' }",
     "channels.phone.patience: no distribution 'exponentail'; did you mean 'exponential'?"),
    ("[channels.phone]\npatience = { distribution = 'exponential', men = '5m' }",
     ("channels.phone.patience.men: unknown key; did you mean 'mean'?\n"
     "channels.phone.patience.mean: is missing")),
    ("[channels.phone]\npatience = '5 parsec'", ("channels.phone.patience: '5 parsec' is not a "
     "duration; write it with a unit, e.g. '90s' or '2m 30s'")),
    ("[channels.phone]\npatience = { distribution = 'zero_or', zero = 0.1, otherwise = 3 }",
     ("channels.phone.patience.otherwise: must be a duration such as '5m', or a table such as "
     "{ distribution = \"exponential\", mean = \"5m\" }, got 3")),
    ("[channels.phone]\nopening = '7-9'", ("channels.phone.opening: '7' is not a duration; write "
     "it with a unit, e.g. '90s' or '2m 30s'")),
    ("[channels.phone]\nopening = '09:00-07:00'", ("channels.phone.opening: '09:00-07:00' must "
     "open before it closes; split a night at 24:00")),
    ("[channels.phone.opening]\nfridy = []",
     "channels.phone.opening.fridy: unknown key; did you mean 'friday'?"),
    ("[channels.phone.opening]\nfriday = ['07:00-12:00', '11:00-13:00']",
     "channels.phone.opening.friday: spans must rise and not overlap"),
    ("[channels.phone]\nbalking = { queue = [[5, 0.1, 3], [5, 0.4]] }",
     "channels.phone.balking.queue[0]: must have at most 2 entries, got 3"),
    ("[channels.phone]\nbalking = { queue = [[5, 0.1], [5, 0.4]] }",
     "channels.phone.balking: bounds must rise"),
    ("[channels.phone]\nbalking = {}",
     "channels.phone.balking: give either queue or announced_wait"),
    ("[channels.phone]\npools = [{ pol = 'agents' }]",
     ("channels.phone.pools[0].pol: unknown key; did you mean 'pool'?\n"
     "channels.phone.pools[0].pool: is missing")),
    ("[channels.phone]\npools = [3]",
     "channels.phone.pools[0]: must be a name in quotes or a table, got 3"),
    ("[channels.phone.after.abandoned]\nphone = 0.7\nlost = 0.4",
     "channels.phone.after.abandoned: shares add up to 1.1; they may be at most 1"),
    ("[channels.phone.after.abandoned]\nphone = { delay = '5m' }",
     "channels.phone.after.abandoned.phone.share: is missing"),
    ("[channels.phone.after.abandoned]\nphone = 1.5",
     "channels.phone.after.abandoned.phone: must be at most 1, got 1.5"),
    ("[channels.phone.after]\nabandond = { phone = 0.7 }",
     "channels.phone.after.abandond: unknown key; did you mean 'abandoned'?"),
    ("[segments.regular]\nfirst = { phone = 0.9 }",
     "segments.regular.first: shares add up to 0.9; they must add up to 1"),
    ("[segments.regular]\nfirst = { phone = 1.9 }",
     "segments.regular.first.phone: must be at most 1, got 1.9"),
    ("[segments.regular]\nneeds = { any = 0.9 }",
     "segments.regular.needs: shares add up to 0.9; they must add up to 1"),
    ("[segments.regular]\narrivals = { rate = '20' }",
     "segments.regular.arrivals.rate: '20' is not a rate; write e.g. '20/min' or '4/h'"),
    ("[segments.regular.arrivals]\ncounts = [1]", ("segments.regular.arrivals: give one of counts, "
     "rates, rate, gaps, or file with column")),
    ("[segments.regular.arrivals]\nfriday = [1]",
     "segments.regular.arrivals: friday needs counts or rates for the other days"),
    ("[segments.regular.arrivals]\nshape = 'linear'",
     "segments.regular.arrivals: a linear shape needs rates (the values at the points)"),
    ("[segments.regular.arrivals]\nfile = 'x.csv'",
     "segments.regular.arrivals: file and column belong together"),
    ("[pools.agents]\nagents = -1", "pools.agents.agents: must be at least 0, got -1"),
    ("[pools.agents]\nagents = 2.5", "pools.agents.agents: must be a whole number, got 2.5"),
    ("[pools.agents]\nagents = { from = '22:00', every = '1h', counts = [1, 2, 3] }",
     "pools.agents.agents: 3 values from 22:00 pass midnight; there is room for 2"),
    ("[pools.agents]\nagents = { at = ['01:00', '02:00'], counts = [1] }",
     "pools.agents.agents: there are 2 times in `at` and 1 values"),
    ("[pools.agents]\nagents = { at = ['02:00', '01:00'], counts = [1, 2] }",
     "pools.agents.agents: the times of `at` must rise"),
    ("[pools.agents]\nagents = { at = ['02:00'], every = '1h', counts = [1] }",
     "pools.agents.agents: give either at, or from and every"),
    ("[pools.agents]\nagents = { counts = [1, 2] }",
     "pools.agents.agents: `every` (the length of a step) is missing"),
    ("[pools.agents]\nagents = { friday = [1] }",
     "pools.agents.agents: give counts, or file with column"),
    ("[pools.agents]\nserves = []", "pools.agents.serves: must have at least 1 entry, got 0"),
    ("[pools.agents]\nserves = [3]",
     "pools.agents.serves[0]: must be a name in quotes or a table or a list, got 3"),
    ("[pools.agents]\nserves = ['phone', [{ chanel = 'phone' }]]",
     ("pools.agents.serves[1][0].chanel: unknown key; did you mean 'channel'?\n"
     "pools.agents.serves[1][0].channel: is missing")),
    ("[pools.agents]\npaid = 'yes'", "pools.agents.paid: must be true or false, got 'yes'"),
    ("[pools.agents]\nconcurrency = { phone = 0 }",
     "pools.agents.concurrency.phone: must be at least 1, got 0"),
    ("[pools.agents]\nbreaks = [{ from = 07:30:00, to = '08:00', agents = 1 }]",
     "pools.agents.breaks[0].from: must be in quotes: '07:30:00'"),
    ("[pools.agents]\nbreaks = [{ from = '25:00', to = '08:00', agents = 1 }]",
     "pools.agents.breaks[0].from: '25:00' is past the end of the day, 24:00"),
    ("[evidence]\nseed = { source = 'x', grade = 'hunch' }",
     ("evidence.seed.grade: must be one of measured, published, convention, assumption, got "
      "'hunch'")),
]  # fmt: skip


@pytest.mark.parametrize(("toml", "expected"), FORM)
def test_what_has_not_the_form_is_refused(toml, expected):
    assert found(toml) == expected.split("\n")


@pytest.mark.parametrize("day", ["[3.0]", "['4/h', 3.0]"])
def test_a_weekday_of_rates_must_hold_rates(day):
    # A bare 3.0 would pass as 3 arrivals per microsecond.
    toml = f"[segments.regular]\narrivals = {{ every = '12h', rates = ['1/h'], friday = {day} }}"
    assert found(toml) == [
        "segments.regular.arrivals: friday must hold rates such as '4/h', as `rates` does"
    ]


def test_a_weekday_of_counts_must_hold_counts():
    toml = "[segments.regular]\narrivals = { every = '1h', counts = [3], friday = ['4/h'] }"
    assert found(toml) == ["segments.regular.arrivals: friday must hold counts, as `counts` does"]


def test_all_problems_are_named_at_once_in_the_order_of_the_file():
    document = tomllib.loads("""
[pools.p]
agents = -1
serves = ["phone"]
[segments.s]
arrivals = { rate = "20" }
[channels.phone]
lines = 1.5
kind = "queu"
""")
    with pytest.raises(ScenarioError) as caught:
        Scenario.from_document(document, source="bad.toml")
    assert str(caught.value) == (
        "bad.toml: 4 problems\n"
        "  pools.p.agents: must be at least 0, got -1\n"
        "  segments.s.arrivals.rate: '20' is not a rate; write e.g. '20/min' or '4/h'\n"
        "  channels.phone.lines: must be a whole number, got 1.5\n"
        f"  channels.phone.kind: must be one of {', '.join(KINDS)}, got 'queu'; did you "
        "mean 'queue'?"
    )
