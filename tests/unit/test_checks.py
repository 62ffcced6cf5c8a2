import re
from typing import get_args

import pytest

from journeysim.scenario.channel_kinds import Capability, kinds_with
from tests.unit.documents import MAIL, NEEDS, WEB, found, full, merged, problems, smallest


@pytest.mark.parametrize("toml", ["", WEB, MAIL, NEEDS])
def test_the_scenarios_that_are_spoiled_below_are_right_themselves(toml):
    assert found(toml) == []


def test_the_full_scenario_is_right():
    assert problems(full()) == []


NAMES = [
    ("[segments.regular]\nfirst = { phon = 1.0 }",
     "segments.regular.first.phon: no channel 'phon'; did you mean 'phone'?"),
    ("[segments.regular.first]\nany = { phon = 1.0 }",
     "segments.regular.first.any.phon: no channel 'phon'; did you mean 'phone'?"),
    ("[segments.regular.first]\nsome = { phone = 1.0 }",
     "segments.regular.first.some: no need 'some'; known: any"),
    ("[segments.regular]\nneeds = { some = 1.0 }",
     "segments.regular.needs.some: no need 'some'; known: any"),
    ("[segments.regular.channels.phon]\npriority = 1",
     "segments.regular.channels.phon: no channel 'phon'; did you mean 'phone'?"),
    ("[segments.regular.channels.phone.after.abandoned]\nphon = 0.1",
     ("segments.regular.channels.phone.after.abandoned.phon: no channel 'phon'; did you mean "
     "'phone'?")),
    ("[needs.some]\nfirst = { phon = 1.0 }",
     "needs.some.first.phon: no channel 'phon'; did you mean 'phone'?"),
    ("[needs.some.channels.phon]\nresolution = 0.1",
     "needs.some.channels.phon: no channel 'phon'; did you mean 'phone'?"),
    ("[needs.some.channels.phone.after.abandoned]\nloss = 0.1",
     "needs.some.channels.phone.after.abandoned.loss: no channel 'loss'; did you mean 'lost'?"),
    ("[channels.phone.after.abandoned]\ngiveup = 0.1",
     "channels.phone.after.abandoned.giveup: no channel 'giveup'; did you mean 'give_up'?"),
    ("[channels.phone]\npools = ['agent']",
     "channels.phone.pools[0]: no pool 'agent'; did you mean 'agents'?"),
    ("[channels.phone]\npools = [{ pool = 'agent' }]",
     "channels.phone.pools[0].pool: no pool 'agent'; did you mean 'agents'?"),
    ("[channels.phone]\npools = ['agents', { pool = 'agents', after = '5s' }]",
     "channels.phone.pools[1].pool: pool 'agents' is there already"),
    ("[pools.agents]\nserves = ['phone', ['phon']]",
     "pools.agents.serves[1][0]: no channel 'phon'; did you mean 'phone'?"),
    ("[pools.agents]\nserves = [{ channel = 'phon' }]",
     "pools.agents.serves[0].channel: no channel 'phon'; did you mean 'phone'?"),
    ("[pools.agents]\nserves = [{ channel = 'phone', needs = ['some'] }]",
     "pools.agents.serves[0].needs[0]: no need 'some'; known: any"),
    ("[pools.agents]\nconcurrency = { phon = 2 }",
     "pools.agents.concurrency.phon: no channel 'phon'; did you mean 'phone'?"),
    ("[pools.agents.channels.phon]\ntalk = '1m'",
     "pools.agents.channels.phon: no channel 'phon'; did you mean 'phone'?"),
    ("[pools.agents.channels.phone.needs.some]\ntalk = '1m'",
     "pools.agents.channels.phone.needs.some: no need 'some'; known: any"),
    ("[measures.channels.phon]\ntarget = 0.5",
     "measures.channels.phon: no channel 'phon'; did you mean 'phone'?"),
    ("[channels.lost]\nkind = 'self_service'\ntime_spent = '5m'",
     "channels.lost: the name 'lost' is reserved; choose another"),
    ("[channels.give_up]\nkind = 'self_service'\ntime_spent = '5m'",
     "channels.give_up: the name 'give_up' is reserved; choose another"),
    ("[channels.resolved]\nkind = 'self_service'\ntime_spent = '5m'",
     "channels.resolved: the name 'resolved' is reserved; choose another"),
    ("[channels.exhausted]\nkind = 'self_service'\ntime_spent = '5m'",
     "channels.exhausted: the name 'exhausted' is reserved; choose another"),
    ("[channels.none]\nkind = 'self_service'\ntime_spent = '5m'",
     "channels.none: the name 'none' is reserved; choose another"),
    ("[needs.'*']", "needs.\"*\": the name '*' is reserved; choose another"),
    ("[needs.'']", "needs.\"\": a name must have letters or digits, and be in one line"),
    ("[evidence]\n'channels.phon.talk' = { source = 'x', grade = 'measured' }",
     "evidence.\"channels.phon.talk\": there is no parameter channels.phon; did you mean 'phone'?"),
    ("[evidence]\n'channels.phone.lines' = { source = 'x', grade = 'measured' }",
     ("evidence.\"channels.phone.lines\": there is no parameter channels.phone.lines; known: "
     "kind, patience, talk")),
    ("[evidence]\n'channels..talk' = { source = 'x', grade = 'measured' }",
     ("evidence.\"channels..talk\": 'channels..talk' is not a path; write e.g. "
     "'pools.phone.agents'")),
]  # fmt: skip


@pytest.mark.parametrize(("toml", "expected"), NAMES)
def test_a_name_that_means_nothing_is_refused(toml, expected):
    assert found(toml) == [expected]


@pytest.mark.parametrize(
    "path",
    [
        "channels.phone.talk.mean",
        "channels.*.talk",
        "measures.threshold",
        "segments.regular.head_start",
        "pools.agents.serves[0]",
        'channels."phone".patience',
    ],
)
def test_evidence_may_speak_of_what_is_given_and_of_defaults(path):
    document = smallest()
    document["evidence"] = {path: {"source": "x", "grade": "measured"}}
    assert problems(document) == []


def only_in(text):
    """Put the kinds of channel with a capability where the text has <capability>."""
    return re.sub(
        f"<({'|'.join(get_args(Capability))})>",
        lambda found: " or ".join(kinds_with(found[1])),
        text,
    )


KINDS = [
    (WEB, "[channels.web]\ntalk = '5m'", ("channels.web.talk: has no meaning in a self_service "
     "channel; only in <by_agents>")),
    (WEB, "[channels.web]\nwrap_up = '5m'", ("channels.web.wrap_up: has no meaning in a "
     "self_service channel; only in <by_agents>")),
    (WEB, "[channels.web]\npatience = '5m'",
     "channels.web.patience: has no meaning in a self_service channel; only in <hangs_on>"),
    (WEB, "[channels.web]\nlines = 5",
     "channels.web.lines: has no meaning in a self_service channel; only in <hangs_on>"),
    (WEB, "[channels.web]\nbalking = { queue = [[1, 0.5]] }",
     "channels.web.balking: has no meaning in a self_service channel; only in <hangs_on>"),
    (WEB, "[channels.web]\nannounce = { handling = '1m' }",
     "channels.web.announce: has no meaning in a self_service channel; only in <hangs_on>"),
    (WEB, "[channels.web]\npools = ['agents']", ("channels.web.pools: has no meaning in a "
     "self_service channel; only in <by_agents>")),
    (WEB, "[channels.web]\nat_closing = 'send_away'", ("channels.web.at_closing: has no meaning in "
     "a self_service channel; only in <waits>")),
    (WEB, "[channels.web]\nchase = { after = '1d', to = { phone = 0.5 } }",
     "channels.web.chase: has no meaning in a self_service channel; only in <answered_later>"),
    (MAIL, "[channels.mail]\nstuck = 0.5",
     "channels.mail.stuck: has no meaning in a deferred channel; only in <by_machine>"),
    (MAIL, "[channels.mail]\npatience = '5m'",
     "channels.mail.patience: has no meaning in a deferred channel; only in <hangs_on>"),
    (MAIL, "[channels.mail]\nlines = 5",
     "channels.mail.lines: has no meaning in a deferred channel; only in <hangs_on>"),
    (MAIL, "[channels.mail]\nchase = { after = '1d', to = {} }",
     "channels.mail.chase.to: is empty, so nobody chases; name a channel"),
    ("", "[channels.phone]\ntime_spent = '5m'",
     "channels.phone.time_spent: has no meaning in a queue channel; only in <by_machine>"),
    ("", "[channels.phone]\nchase = { after = '1d', to = { phone = 0.5 } }",
     "channels.phone.chase: has no meaning in a queue channel; only in <answered_later>"),
    ("", "[channels.phone.after.stuck]\nphone = 0.5", ("channels.phone.after.stuck: no contact "
     "ends so in a queue channel; only in <by_machine>")),
    ("", "[channels.phone.after.contained]\nphone = 0.5", ("channels.phone.after.contained: no "
     "contact ends so in a queue channel; only in <by_machine>")),
    (WEB, "[channels.web.after.unresolved]\nphone = 0.5", ("channels.web.after.unresolved: no "
     "contact ends so in a self_service channel; only in <by_agents>")),
    (MAIL, "[channels.mail.after.abandoned]\nphone = 0.5", ("channels.mail.after.abandoned: no "
     "contact ends so in a deferred channel; only in <hangs_on>")),
    (MAIL, "[channels.mail.after.balked]\nphone = 0.5", ("channels.mail.after.balked: no contact "
     "ends so in a deferred channel; only in <hangs_on>")),
    (WEB, "[channels.web.after.blocked]\nphone = 0.5", ("channels.web.after.blocked: no contact "
     "ends so in a self_service channel; only in <hangs_on>")),
    (WEB, "[needs.any.channels.web]\ntalk = '5m'", ("needs.any.channels.web.talk: has no meaning "
     "in a self_service channel; only in <by_agents>")),
    ("", "[needs.any.channels.phone]\nstuck = 0.5", ("needs.any.channels.phone.stuck: has no "
     "meaning in a queue channel; only in <by_machine>")),
    (MAIL, "[segments.regular.channels.mail]\npatience = '5m'",
     ("segments.regular.channels.mail.patience: has no meaning in a deferred channel; only in "
     "<hangs_on>")),
    (WEB, "[segments.regular.channels.web]\npriority = 1\nhead_start = '5s'",
     ("segments.regular.channels.web.priority: has no meaning in a self_service channel; only in "
     "<waits>\n"
     "segments.regular.channels.web.head_start: has no meaning in a self_service channel; only in "
     "<waits>")),
    (WEB, "[segments.regular.channels.web.after.abandoned]\nphone = 0.5",
     ("segments.regular.channels.web.after.abandoned: no contact ends so in a self_service "
     "channel; only in <hangs_on>")),
    ("", "[channels.phone.after.abandoned]\nphone = { share = 0.5, transfer = true }",
     ("channels.phone.after.abandoned.phone.transfer: the company can move a customer only after "
     "`unresolved`")),
    ("", "[channels.phone.after.abandoned]\nlost = { share = 0.5, delay = '5m' }",
     ("channels.phone.after.abandoned.lost.delay: has no meaning after 'lost', which ends the "
     "journey")),
    (MAIL, "[channels.phone.after.abandoned]\nmail = { share = 0.5, patience_factor = 0.5 }",
     ("channels.phone.after.abandoned.mail.patience_factor: nobody needs patience in the deferred "
     "channel 'mail'")),
    (WEB, "[channels.phone.after.abandoned]\nweb = { share = 0.5, handling_factor = 2 }",
     ("channels.phone.after.abandoned.web.handling_factor: there is no talk in the self_service "
     "channel 'web'")),
    ("", "[channels.phone]\nbalking = { announced_wait = [['1m', 0.5]] }",
     ("channels.phone.balking.announced_wait: nothing is announced; give the channel `announce = "
     "{ handling = ... }`")),
    ("", "[pools.agents]\nshrinkage = 0.3", ("pools.agents.shrinkage: is taken off paid agents "
     "only; set paid = true or leave it out")),
    (WEB, "[pools.agents]\nconcurrency = { web = 2 }",
     "pools.agents.concurrency.web: the pool does not serve 'web'; name it in `serves`"),
    (WEB, "[pools.agents.channels.web]\ntalk = '5m'",
     "pools.agents.channels.web: the pool does not serve 'web'; name it in `serves`"),
    ("", "[pools.agents.channels.phone]\ntime_spent = '5m'",
     ("pools.agents.channels.phone.time_spent: is time without an agent; a pool has talk and "
     "wrap_up")),
    ("", "[pools.agents.channels.phone.needs.any]\ntime_spent = '5m'",
     ("pools.agents.channels.phone.needs.any.time_spent: is time without an agent; a pool has talk "
     "and wrap_up")),
    ("", "[segments.regular]\npatience_rule = 'budget'",
     "segments.regular.patience_budget: is missing; the rule 'budget' needs it"),
    ("", "[segments.regular]\npatience_budget = '5m'",
     "segments.regular.patience_budget: needs patience_rule = \"budget\""),
]  # fmt: skip


@pytest.mark.parametrize(("base", "toml", "expected"), KINDS)
def test_what_would_be_read_and_ignored_is_refused_by_name(base, toml, expected):
    assert found([base, toml]) == only_in(expected).split("\n")


GAPS = "[segments.regular]\narrivals = { gaps = '5m' }\n"


@pytest.mark.parametrize(
    ("toml", "expected"),
    [
        (
            GAPS + "day_factor = { cv = 0.1 }",
            "segments.regular.day_factor: has no meaning for arrivals by gaps",
        ),
        (
            GAPS + "[demand]\nday_factor = { cv = 0.1 }",
            "demand.day_factor: has no meaning, for all arrivals are by gaps",
        ),
        (
            GAPS + "[demand]\ninterval_factor = { cv = 0.1 }",
            "demand.interval_factor: has no meaning, for all arrivals are by gaps",
        ),
    ],
)
def test_factors_do_not_apply_to_arrivals_by_gaps(toml, expected):
    document = smallest()
    del document["segments"]["regular"]["arrivals"]
    assert problems(merged(document, toml)) == [expected]


def test_names_and_keys_without_use_are_named_at_once():
    toml = "[channels.phone]\nstuck = 0.5\npools = ['agent']\n[time]\nwarm_up = '2d'"
    assert found(toml) == [
        only_in("channels.phone.stuck: has no meaning in a queue channel; only in <by_machine>"),
        "channels.phone.pools[0]: no pool 'agent'; did you mean 'agents'?",
        "time.warm_up: must be shorter than the horizon, 1d",
    ]
