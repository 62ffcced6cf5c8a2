"""Documents to test with: the smallest scenario, and one that uses every part of the format."""

import copy
import tomllib
from typing import Any

from journeysim.errors import ScenarioError
from journeysim.scenario.scenario import Scenario

SMALLEST = """
[segments.regular.arrivals]
rate = "20/h"
[channels.phone]
kind = "queue"
talk = { distribution = "exponential", mean = "3m" }
patience = "5m"
[pools.agents]
agents = 3
serves = ["phone"]
"""

FULL = """
title = "Everything"
description = "Each part of the format once."
seed = 7
replications = 3
max_contacts = 6

[time]
horizon = "7d"
run_out = "2d"
warm_up = "1d"
starts_on = "sunday"
interval = "30m"

[measures]
threshold = "20s"
target = 0.8
short_abandon = "5s"
service_level = "answered"
recontact_window = "7d"
[measures.channels.email]
threshold = "24h"

[demand]
day_factor = { cv = 0.2 }
interval_factor = { cv = 0.15, correlation = 0.5, every = "30m" }

[needs.billing]
first = { web = 0.7, phone = 0.3 }
[needs.billing.channels.phone]
talk = { distribution = "gamma", mean = "4m", cv = 0.8 }
wrap_up = "20s"
resolution = 0.7
[needs.billing.channels.phone.after.abandoned]
chat = { share = 0.5 }
[needs.billing.channels.web]
time_spent = { distribution = "weibull", mean = "4m", shape = 1.5 }
stuck = 0.3
[needs.fraud]
first = { phone = 1.0 }

[segments.regular]
needs = { billing = 0.6, fraud = 0.4 }
first.billing = { web = 0.2, phone = 0.8 }
priority = 0
value = 120.0
interviews = 12
patience = { distribution = "zero_or", zero = 0.05, otherwise = "8m" }
patience_rule = "budget"
patience_budget = { distribution = "log_logistic", median = "10m", shape = 2.5 }
day_factor = { cv = 0.3 }
[segments.regular.arrivals]
from = "07:00"
every = "1h"
counts = [3.2, 5.1, 8]
friday = [1.0, 0.5]
saturday = []
[segments.regular.channels.chat]
patience = { distribution = "hyperexponential", shares = [0.4, 0.6], means = ["1m", "9m"] }
priority = 1
head_start = "90s"
[segments.regular.channels.chat.after.abandoned]
phone = { share = 0.4, delay = "1m" }

[segments.business]
needs = { fraud = 1.0 }
patience_rule = "same"
[segments.business.arrivals]
at = ["00:00", "08:00", "18:00"]
rates = ["1/h", "12/h", 0]
shape = "linear"
[segments.robots]
needs = { billing = 1.0 }
arrivals = { gaps = { distribution = "uniform", low = "1m", high = "9m" } }

[channels.phone]
kind = "queue"
talk = { distribution = "lognormal", mean = "192s", cv = 1.18 }
wrap_up = { distribution = "triangular", low = "5s", mode = "10s", high = "60s" }
resolution = 0.8
patience = { distribution = "exponential", mean = "5m" }
lines = 40
opening = { default = "07:00-24:00", friday = ["07:00-12:00", "13:00-15:00"], saturday = [] }
at_closing = "send_away"
balking = { announced_wait = [["2m", 0.2], ["5m", 0.5]] }
announce = { handling = "3m" }
pools = ["regular", { pool = "backup", after = "60s" }]
cost_per_contact = 0.1
touchpoint = "hotline"
media = "owned"
control = "partner"
initiator = "customer"
receiver = "agent"
[channels.phone.after.abandoned]
phone = { share = 0.33, delay = { distribution = "erlang", stages = 3, mean = "10m" } }
lost = 0.02
chat = { share = 0.2, delay = "30s", handling_factor = 1.2, patience_factor = 0.8 }
[channels.phone.after.unresolved]
email = { share = 0.1, transfer = true }
[channels.phone.after]
blocked = { phone = 0.5 }
balked = { web = 0.5 }
closed = { email = 0.5 }

[channels.chat]
kind = "queue"
talk = { distribution = "empirical", quantiles = [[0, "0s"], [0.5, "2m"], [1, "10m"]] }
balking = { queue = [[5, 0.1], [10, 0.4]] }
opening = "08:00-20:00"

[channels.web]
kind = "self_service"
time_spent = { distribution = "empirical", values = ["1m", "2m", "5m"] }
stuck = 0.25
resolution = 0.9
[channels.web.after]
contained = { phone = 0.3, give_up = 0.1 }
stuck = { chat = 0.6 }

[channels.email]
kind = "deferred"
talk.distribution = "mixture"
talk.shares = [0.5, 0.5]
talk.parts = ["5m", { distribution = "exponential", mean = "2m" }]
chase = { after = "2d", to = { phone = 0.6 } }
opening = ["00:00-12:00", "12:00-24:00"]

[pools.regular]
paid = true
shrinkage = 0.25
serves = ["phone", ["chat", "email"]]
concurrency = { chat = 3 }
breaks = [{ from = "12:00", to = "12:30", agents = 2 }]
cost_per_hour = 30.0
[pools.regular.agents]
from = "06:00"
every = "6h"
counts = [8, 12, 4]
saturday = [1, 0, 0]
[pools.backup]
agents = 2
serves = [{ channel = "phone", needs = ["billing"] }]
[pools.backup.channels.phone]
talk = "5m"
[pools.backup.channels.phone.needs.billing]
wrap_up = "1m"
resolution = 0.5

[evidence]
"channels.phone.talk" = { source = "log", grade = "measured", n = 30000, range = ["180s", "200s"] }
"channels.*.resolution" = { source = "none", grade = "assumption" }

[variants.fewer]
description = "Two agents fewer"
set = ["pools.backup.agents-=2"]
[variants.saturday_chat.change.channels.chat]
opening = { saturday = "09:00-17:00" }
"""


def smallest() -> dict[str, Any]:
    """Return a fresh copy of the smallest scenario."""
    return tomllib.loads(SMALLEST)


def full() -> dict[str, Any]:
    """Return a fresh copy of the scenario that uses every part."""
    return tomllib.loads(FULL)


def merged(document: dict[str, Any], toml: str) -> dict[str, Any]:
    """Return a document with plain tables of `toml` laid over it, and nothing else clever."""

    def lay(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
        result = copy.deepcopy(below)
        for key, value in above.items():
            both = isinstance(value, dict) and isinstance(result.get(key), dict)
            result[key] = lay(result[key], value) if both else value
        return result

    return lay(document, tomllib.loads(toml))


def problems(document: dict[str, Any]) -> list[str]:
    """Return what is wrong with a document, as lines."""
    try:
        Scenario.from_document(document)
    except ScenarioError as error:
        return [str(problem) for problem in error.problems]
    return []


WEB = """
[channels.web]
kind = "self_service"
time_spent = "5m"
[segments.regular]
first = { phone = 1.0 }
"""
MAIL = """
[channels.mail]
kind = "deferred"
talk = "5m"
[segments.regular]
first = { phone = 0.5, mail = 0.5 }
[pools.agents]
serves = ["phone", "mail"]
"""
NEEDS = """
[needs.billing]
[needs.fraud]
[segments.regular]
needs = { billing = 1.0 }
"""


def found(toml, *, without=()):
    """Return the problems of the smallest scenario with `toml` laid over it."""
    document = smallest()
    for layer in (toml,) if isinstance(toml, str) else toml:
        document = merged(document, layer)
    for path in without:
        *above, key = path.split(".")
        table = document
        for part in above:
            table = table[part]
        del table[key]
    return problems(document)
