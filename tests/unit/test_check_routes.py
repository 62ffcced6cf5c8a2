import pytest

from tests.unit.documents import MAIL, NEEDS, WEB, found, problems, smallest

ROUTES = [
    ("", "[channels.web]\nkind = 'self_service'\ntime_spent = '5m'",
     "segments.regular.first: is missing for the need 'any'; say which channel comes first"),
    (WEB, "[needs.billing]\n[needs.fraud]",
     "segments.regular.needs: is missing; give the share of each of billing, fraud"),
    (NEEDS, "[segments.regular.first]\nfraud = { phone = 1.0 }",
     "segments.regular.first.fraud: the segment has no share of the need 'fraud'"),
    (WEB, "[pools.agents]\nserves = ['phone', 'web']",
     "pools.agents.serves[1]: 'web' is self-service; agents have no part in it"),
    ("", "[pools.agents]\nserves = ['phone', ['phone']]",
     "pools.agents.serves[1][0]: 'phone' is served already at a better place"),
    ("", "[pools.agents]\nserves = ['phone', { channel = 'phone', needs = [] }]",
     "pools.agents.serves[1].needs: is empty; name a need, or leave it out for all"),
    ("", "[pools.more]\nagents = 1\nserves = ['phone']\n[channels.phone]\npools = ['agents']",
     "pools.more.serves[0]: channels.phone.pools leaves this pool out; name it there or not here"),
    (MAIL, ("[pools.more]\nagents = 1\nserves = ['mail']\n[channels.phone]\n"
     "pools = ['agents', 'more']"),
     "channels.phone.pools[1]: the pool 'more' does not serve 'phone'; name it in its `serves`"),
    (MAIL, "[pools.agents]\nserves = ['phone']",
     "channels.mail: no pool serves it; name it in the `serves` of a pool"),
    (NEEDS, "[pools.agents]\nserves = [{ channel = 'phone', needs = ['fraud'] }]",
     "channels.phone: customers with the need 'billing' come here and no pool serves them"),
    ("", "[segments.regular]\narrivals.rate = '20/us'",
     "segments.regular.arrivals: brings 1.7e+12 customers; at most 1e+09 are possible"),
    ("", "[segments.more]\narrivals.gaps = '0s'",
     "segments.more.arrivals: brings inf customers; at most 1e+09 are possible"),
    ("", "[time]\nwarm_up = '1d'", "time.warm_up: must be shorter than the horizon, 1d"),
    ("", "[time]\ninterval = '2d'", "time.interval: must not be longer than the horizon, 1d"),
    ("", "[time]\ninterval = '1ms'", ("time.interval: makes 86400000 rows; at most 1000000 are "
     "possible, so make it longer")),
    ("", "[time]\nhorizon = '50000000d'\nrun_out = '50000000d'\ninterval = '1000d'",
     "time.run_out: horizon and run_out together are too long"),
    ("", "[pools.agents]\nbreaks = [{ from = '12:00', to = '11:00', agents = 1 }]",
     "pools.agents.breaks[0]: must begin before it ends; split it at midnight"),
    ("", "[pools.agents]\nbreaks = [{ from = '12:00', to = '12:30', agents = 4 }]",
     "pools.agents.breaks[0]: on no day are there 4 agents from 12:00 to 12:30 to send"),
    ("", ("[pools.agents]\nagents = { from = '08:00', every = '4h', counts = [3, 2] }\n"
     "breaks = [{ from = '11:00', to = '13:00', agents = 3 }]"),
     "pools.agents.breaks[0]: on no day are there 3 agents from 11:00 to 13:00 to send"),
]  # fmt: skip


@pytest.mark.parametrize(("base", "toml", "expected"), ROUTES)
def test_a_world_in_which_somebody_has_nowhere_to_go_is_refused(base, toml, expected):
    assert found([base, toml]) == [expected]


@pytest.mark.parametrize(
    ("base", "without", "expected"),
    [
        (
            "",
            "segments.regular.arrivals",
            "segments.regular.arrivals: is missing; nobody of this segment would come",
        ),
        (
            "",
            "channels.phone.talk",
            "channels.phone.talk: is missing; how long does an agent work on a contact?",
        ),
        (
            WEB,
            "channels.web.time_spent",
            "channels.web.time_spent: is missing; how long does a visit take?",
        ),
        ("", "channels.phone.kind", "channels.phone.kind: is missing"),
        ("", "pools.agents.agents", "pools.agents.agents: is missing"),
        ("", "channels", "channels: is missing"),
        (
            (
                "[needs.a]\n[needs.b.channels.phone]\ntalk = '1m'\n"
                "[segments.regular]\nneeds = { a = 1.0 }"
            ),
            "channels.phone.talk",
            "channels.phone.talk: is missing for the need 'a' in pool 'agents'",
        ),
    ],
)
def test_what_is_missing_is_named(base, without, expected):
    assert found(base, without=[without]) == [expected]


@pytest.mark.parametrize(
    "covering",
    [
        "[pools.agents.channels.phone]\ntalk = '1m'",
        "[pools.agents.channels.phone.needs.any]\ntalk = '1m'",
        "[needs.any.channels.phone]\ntalk = '1m'",
    ],
)
def test_talk_may_be_given_by_pool_or_by_need(covering):
    assert found(covering, without=["channels.phone.talk"]) == []


@pytest.mark.parametrize(
    ("group", "most"), [("pools", 250), ("channels", 120), ("needs", 120), ("segments", 1000)]
)
def test_a_scenario_has_its_limits(group, most):
    document = smallest()
    part = {
        "pools": {"agents": 1, "serves": ["phone"]},
        "channels": {"kind": "self_service", "time_spent": "1m"},
        "needs": {},
        "segments": {"arrivals": {"rate": "1/h"}},
    }[group]
    document[group] = {f"{group}{index}": part for index in range(most + 1)} | dict(
        document.get(group, {}).items()
    )
    count = len(document[group])
    assert f"{group}: there are {count}; at most {most} are possible" in problems(document)
