import pytest

from journeysim.scenario.scenario import Scenario
from tests.unit.documents import merged, smallest


def warnings(toml, *assignments):
    scenario = Scenario.from_document(merged(smallest(), toml)).set(*assignments)
    return [str(problem) for problem in scenario.warnings()]


def test_a_plain_scenario_has_nothing_suspicious():
    assert warnings("") == []


def without_patience(*assignments, toml=""):
    document = merged(smallest(), toml)
    del document["channels"]["phone"]["patience"]
    return [str(w) for w in Scenario.from_document(document).set(*assignments).warnings()]


def test_more_work_than_agents_without_abandonment_is_named():
    # 20 per hour x 3 minutes is one erlang; 3 agents.
    assert without_patience() == []
    assert without_patience("segments.regular.arrivals=61/h") == [
        (
            "channels.phone: brings its agents 3.0 erlangs of first contacts, and 3.0 are at work "
            "on average; nobody abandons, so waits only grow: add agents or give patience"
        )
    ]
    assert without_patience("segments.regular.arrivals=60/h") == []
    assert warnings("", "segments.regular.arrivals=90/h") == []


def test_wrap_up_and_concurrency_count_in_the_load():
    heavy = ("segments.regular.arrivals=90/h", "channels.phone.wrap_up=3m")
    assert "9.0 erlangs" in without_patience(*heavy)[0]
    assert without_patience(*heavy, "pools.agents.concurrency.phone=3") == []


def test_channels_that_share_agents_share_their_load():
    mail = """
[segments.regular]
first = { phone = 0.5, mail = 0.5 }
[channels.mail]
kind = "deferred"
talk = "10m"
[pools.agents]
serves = ["phone", "mail"]
"""
    assert warnings(mail) == []
    assert warnings(mail, "segments.regular.arrivals=40/h") == [
        (
            "channels.mail: brings its agents 4.3 erlangs of first contacts, and 3.0 are at work "
            "on average; nobody abandons, so waits only grow: add agents"
        )
    ]


@pytest.mark.parametrize(("interviews", "count"), [(1, "1 interview"), (9, "9 interviews")])
def test_a_persona_on_few_interviews_is_named(interviews, count):
    assert warnings(f"[segments.regular]\ninterviews = {interviews}") == [
        f"segments.regular.interviews: rests on {count}; hold at least 10 before relying on it"
    ]
    assert warnings("[segments.regular]\ninterviews = 10") == []


def test_parameters_on_assumption_or_convention_are_counted():
    toml = """
[evidence]
"channels.phone.talk" = { source = "log", grade = "measured" }
"channels.phone.patience" = { source = "guess", grade = "assumption" }
"measures.threshold" = { source = "habit", grade = "convention" }
"""
    assert warnings(toml) == [
        (
            "evidence: 1 of 3 graded parameters rest on assumption alone "
            "(channels.phone.patience); measure them, or give each a range"
        ),
        (
            "evidence: 1 of 3 graded parameters rest on convention alone (measures.threshold); "
            "measure them, or give each a range"
        ),
    ]


def test_agents_without_customers_and_customers_without_agents_are_named():
    assert warnings("", "channels.phone.opening=09:00-17:00") == [
        (
            "pools.agents: agents are at work on monday 00:00 to 09:00, when all they serve is "
            "closed; align `agents` and `opening`"
        )
    ]
    shift = "pools.agents.agents={ from = '09:00', every = '8h', counts = [3] }"
    assert warnings("", shift) == [
        (
            "channels.phone: customers come on monday 00:00 to 09:00, when no agent is at work; "
            "align `agents`, `opening` and `arrivals`"
        )
    ]
    assert warnings("", shift, "channels.phone.opening=09:00-17:00") == []
    early = "segments.regular.arrivals={ from = '09:00', every = '1h', counts = [3] }"
    assert warnings("", shift, early) == []


def test_patience_of_zero_is_named():
    zero = "is zero: everybody who has to wait leaves at once; give a mean above 0s"
    assert warnings("", "channels.phone.patience=0s", "segments.regular.patience=0s") == [
        f"channels.phone.patience: {zero}",
        f"segments.regular.patience: {zero}",
    ]


def test_a_cap_of_one_contact_with_retries_is_named():
    retry = "[channels.phone.after.abandoned]\nphone = 0.5"
    assert warnings(f"max_contacts = 1\n{retry}") == [
        (
            "max_contacts: is 1, so no next step to a channel is ever taken; raise it, or drop the "
            "steps"
        )
    ]
    assert warnings(f"max_contacts = 2\n{retry}") == []
    assert warnings("max_contacts = 1\n[channels.phone.after.abandoned]\nlost = 0.5") == []


def test_channels_and_needs_that_nobody_brings_are_named():
    toml = """
[needs.some]
[needs.other]
[segments.regular]
needs = { some = 1.0 }
first = { phone = 1.0 }
[channels.web]
kind = "self_service"
time_spent = "5m"
"""
    assert warnings(toml) == [
        "channels.web: nobody ever comes here; name it in `first` or in a next step, or drop it",
        "needs.other: no segment has a share of it; give one, or drop it",
    ]
