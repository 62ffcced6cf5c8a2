"""The words of the scenario file; a paragraph that begins with `#~` is set anew."""

from __future__ import annotations

TITLE = """\
# What this teaches: how far a plain queueing model carries on a real day. A bank's call centre,
# Sunday to Thursday, with everything in it that the log of calls supports: customers of five
# kinds, half-hour volumes that swing far more than chance, impatience with its own shape, people
# who try again, and agents counted by a rule that was fixed before anything was simulated.
# Ask it what two agents fewer do to the people in the queue.
#
# Where the figures come from: every one was computed from the log of an Israeli bank's call
# centre, January and February 1999 ("AnonymousBank", Guedj and Mandelbaum, Technion), by
# `python -m scenarios.bank_1999`, which also wrote this file. Unless a comment says otherwise:
# both months, {days} days, {requests:,} requests for an agent. The day's own figures, to lay beside
# a simulation, are in scenarios/bank_1999_figures.json.
#
#~ Days: Sunday to Thursday with a request in every half hour from 07:00 to 24:00. 11 and 12
#~ January are missing from the log; by this rule {broken}
#~ fall out as well (recording gaps).
# A request: served, or abandoned in the queue. Who left in the voice response unit is not one.
# Time of a request: arrival + vru_s, when the queue is entered.
# Ranges: 95 %, by bootstrap over days.
#
# What the model leaves out, so that nobody looks for it in vain:
# - Agents are one pool. In the log not everyone takes everything (of 26 agents with over 100
#   calls 11 took no stock exchange and 19 no internet help to speak of), so internet help and
#   prospects wait longer in the log than here.
# - Weekdays are averaged. Prospects come in a wave at 16:00-18:00 on Sunday, Tuesday and Thursday
#   ({wave:.0f} per half hour) and not on Monday and Wednesday ({no_wave:.0f}).
# - Wrap-up and breaks are not recorded.

title = "A bank's call centre, Israel, 1999: a Sunday-to-Thursday day"
description = "Five kinds of callers, one pool of agents, 07:00 to 24:00, from two months of calls."
seed = 1999
replications = 20
max_contacts = 20           # a cap that is hardly ever reached: each retry has its share below

[time]
horizon = "1d"
run_out = "6h"              # until 06:00, so that the last calls end
starts_on = "sunday"        # counts are the mean of Sunday to Thursday, so any of them would do
interval = "30m"

[measures]
threshold = "20s"           # convention; the bank's own target is not known
target = 0.8
short_abandon = "5s"
service_level = "offered"
"""


VARIATION = """
# --- Busy and quiet days -----------------------------------------------------------------------
# Half-hour counts of fresh calls have variance/mean {dispersion:.1f}; Poisson would have 1.
# (Measured counts have {measured:.1f}: busy days breed retries, which are taken off here.)
# Let r be a count's distance from its mean, over that mean (half hour x the weekday's volume).
# The product of two r's on the same day, {lags} half hours apart:
#   {products}
# (at 0 the Poisson part, 1/mean, is taken off). They fall to a floor: the day factor. What lies
# above it is the interval factor. Least squares of a + b x rho^lag over all 34 lags:
#   a = {a:.4f} -> day factor cv = sqrt(a) = {day:.3f}
#   b = {b:.4f} -> interval factor cv = sqrt(b / (1 + a)) = {interval:.3f}, rho = {rho:.2f}
# All requests together: the prospects' waves are a part of it, and all segments share it.
[demand]
day_factor = {{ cv = {day:.3f} }}
interval_factor = {{ cv = {interval:.3f}, correlation = {rho:.2f}, every = "30m" }}
"""


NEEDS_HEAD = """
# --- Why they call -----------------------------------------------------------------------------
# The log's types: banking = PS, PE (in English) and TT (a call the bank returned); stock_exchange
# = NE; prospect = NW; internet_help = IN.
# Talk: service_s of everyone served. Services of 10 s or less are suspect, but each used an
# agent, so they stay, as a part of their own; dropping them would raise the mean by 6 % and
# remove as many calls. One lognormal over all fits worse, except for prospects (distance: the
# largest gap between the two distribution functions, Kolmogorov-Smirnov).
# Whether a privileged customer talks longer is not known for those served at once (their
# priority is not recorded), so banking has one talk.
# Wrap-up is not recorded: 0s is an assumption, and makes agents look less busy than they were.
#~ Resolution is not recorded either. But {cut_after:.0%} of those cut off within 10 s call again
#~ within two hours, against {background:.0%} after longer calls. So: a service of 10 s or less
#~ (unless the bank returned the call) left the need unmet, any other met it. An assumption; the
#~ true share met is lower.
"""


NEED = """
[needs.{need}]
first = {{ phone = 1.0 }}
[needs.{need}.channels.phone]
resolution = {resolution:.3f}         # 1 - {cut:.1%} cut off
#~ mean {mean:.0f} s ({low:.0f} to {high:.0f}), n = {served:,}; distance {distance:.3f},
#~ of one lognormal {distance_lognormal:.3f}
[needs.{need}.channels.phone.talk]
distribution = "mixture"
shares = [{short:.3f}, {whole:.3f}]
parts = [
  {{ distribution = "uniform", low = "0s", high = "10s" }},
  {{ distribution = "lognormal", mean = "{whole_mean:.0f}s", cv = {whole_cv:.2f} }},
]
"""


SEGMENTS_HEAD = """
# --- Who calls ---------------------------------------------------------------------------------
# Counts are FRESH demand: measured calls less those that are somebody's second attempt, because
# the retries and recontacts below make those again. Each failed call of the log is sent on with
# the share and delay under [channels.phone.after], and what lands in a half hour is taken off.
#
# Privileged or not is recorded only for those who queued (95 % of the banking customers served
# at once carry 0). Queueing does not depend on it, so the share among the queued, per half hour,
# splits all banking calls: {privileged:.0%} are privileged.
#
# Patience: Kaplan-Meier over the queued; who was served would have waited longer than the wait
# (censored). Read as far as 50 people still wait; beyond, an exponential tail with the rate seen
# from half of that time on. It keeps the peaks of giving up soon after joining and near 60 s.
"""


SEGMENT = """
#~ {about}
# Calls a day: {measured:.1f} measured - {retries:.1f} retries - {recontacts:.1f} after a cut
# = {fresh:.1f} fresh ({low:.0f} to {high:.0f})
[segments.{segment}]
needs = {{ {need} = 1.0 }}
{head_start}
[segments.{segment}.arrivals]
from = "07:00"
every = "30m"
counts = [
{counts}
]

# {abandoned:,} of {queued:,} queued gave up. Curve to {reliable} s, where {surviving:.0%} would
# still wait; beyond, {tail_mean:.0f} s more on average. Mean {mean:.0f} s in all.
# Giving up per minute of waiting, by seconds waited:
#   {hazards}
[segments.{segment}.patience]
distribution = "empirical"
quantiles = [
{quantiles}
]
"""


ABOUT = {
    "regular": "Ordinary customers of the bank, ordinary business.",
    "privileged": "Privileged customers, ordinary business: they join the queue as if they had "
    "waited 90 s; nobody was told.",
    "stock_exchange": "Stock exchange business. 84 % of the queued are privileged, so the whole "
    "segment has the head start.",
    "prospect": "People who are not yet customers, by the log's word; never identified.",
    "internet_help": "Help with the bank's web site; few, and never identified.",
}
HEAD_STARTS = {"privileged", "stock_exchange"}


CHANNEL = """
# --- The line ----------------------------------------------------------------------------------
[channels.phone]
kind = "queue"
opening = "07:00-24:00"
at_closing = "serve"
wrap_up = "0s"              # assumption: not recorded

#~ Who hangs up in the queue and tries again. Of {retry_calls:,} identified customers who
#~ abandoned, {retry_after:.1%} call again within two hours; {background:.1%} do after a
#~ full-length service, for reasons of their own. {retry_after:.1%} - {background:.1%} =
#~ {retry:.1%} ({retry_low:.1%} to {retry_high:.1%}). Per attempt, not per customer.
# Bias to know: the id is recorded for those who queue (74 % of them; hardly ever for others), so
# each return weighs 1 / (share queued within 5 minutes of it); ids with over 40 requests in two
# months (companies) are left out; prospects and internet help, never identified, are given the
# same share and delay (assumption).
[channels.phone.after.abandoned.phone]
share = {retry:.3f}
[channels.phone.after.abandoned.phone.delay]
distribution = "empirical"
quantiles = [
{retry_quantiles}
]

#~ Who was cut off calls again, sooner: {cut_after:.1%} - {background:.1%} = {recontact:.1%}
#~ ({recontact_low:.1%} to {recontact_high:.1%}), n = {recontact_calls:,}.
[channels.phone.after.unresolved.phone]
share = {recontact:.3f}
[channels.phone.after.unresolved.phone.delay]
distribution = "empirical"
quantiles = [
{recontact_quantiles}
]
"""


POOLS = """
# --- The agents --------------------------------------------------------------------------------
# Presence is not recorded. The rule, fixed beforehand: an agent is there from the first to the
# last call, split at pauses over 15 minutes; averaged over the half hour and the days. The choice
# matters more than any other here. Abandoned share by Erlang-A, half hour by half hour, with
# steady load and exponential patience ({measured:.1%} were measured):
{erlang}
# Whole agents, halves rounded up: {exact:.1f} agent half-hours a day become {whole}.
# By the rule {hours:.1f} agent hours a day ({hours_low:.1f} to {hours_high:.1f}).
[pools.regular]
serves = ["phone"]
[pools.regular.agents]
from = "07:00"
every = "30m"
counts = [
{agents}
]

# Who still waits at midnight is served: one agent stays. The rule finds {late} there on
# a mean day, so this is an assumption.
[pools.closing]
serves = ["phone"]
agents = {{ from = "00:00", every = "30m", counts = [1] }}
"""


VARIANTS = """
# --- What if -----------------------------------------------------------------------------------
[variants.one_fewer]
description = "One agent fewer, all day"
set = ["pools.regular.agents-=1"]

[variants.two_fewer]
description = "Two agents fewer, all day"
set = ["pools.regular.agents-=2"]

[variants.tenth_more_calls]
description = "10 % more calls"
set = ["segments.*.arrivals.counts*=1.1"]
"""


EVIDENCE_HEAD = """
# --- What each figure rests on -----------------------------------------------------------------
# n counts calls, or days where a figure is one per day. A range of counts is of the day's total.
"""
