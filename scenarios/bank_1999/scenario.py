"""The scenario, as TOML with its arithmetic beside each figure."""

from __future__ import annotations

import textwrap

import pandas as pd

from scenarios.bank_1999.centre import Centre
from scenarios.bank_1999.evidence import measured_evidence, other_evidence
from scenarios.bank_1999.figures import clock
from scenarios.bank_1999.handling import Handling
from scenarios.bank_1999.log import OPENS, SEGMENTS, by_day, need_of
from scenarios.bank_1999.patience import Patience
from scenarios.bank_1999.retries import RETURN_EDGES, Return
from scenarios.bank_1999.text import (
    ABOUT,
    CHANNEL,
    EVIDENCE_HEAD,
    HEAD_STARTS,
    NEED,
    NEEDS_HEAD,
    POOLS,
    SEGMENT,
    SEGMENTS_HEAD,
    TITLE,
    VARIANTS,
    VARIATION,
)
from scenarios.bank_1999.variation import Variation, dispersion
from scenarios.bank_1999.volumes import Demand


def half_hour_rows(values: list[str]) -> str:
    """Return values in rows of four hours, each with the time at which it begins."""
    width = max(len(value) for value in values)
    rows = []
    for first in range(0, len(values), 8):
        cells = ", ".join(value.rjust(width) for value in values[first : first + 8])
        rows.append(f"  {cells},".ljust(8 * (width + 2) + 4) + f"# {clock(OPENS + first)}")
    return "\n".join(rows)


def quantile_rows(points: list[tuple[float, float]]) -> str:
    """Return pairs of probability and time, five to a row."""
    cells = [f'[{share:g}, "{seconds:g}s"]' for share, seconds in points]
    return "\n".join(f"  {', '.join(cells[at : at + 5])}," for at in range(0, len(cells), 5))


def return_rows(back: Return) -> str:
    """Return the delay of a return as rows of quantiles."""
    shares = [round(float(share), 4) for share in back.cumulative]
    return quantile_rows(list(zip(shares, RETURN_EDGES.tolist(), strict=True)))


def variation_text(variation: Variation, requests: pd.DataFrame) -> str:
    """Return the demand block with its arithmetic."""
    lags = (0, 1, 2, 3, 5, 10, 15)
    a = variation.day_cv**2
    return VARIATION.format(
        dispersion=variation.dispersion,
        measured=dispersion(by_day(requests)),
        lags=", ".join(str(lag) for lag in lags),
        products=", ".join(f"{variation.covariance[lag]:.4f}" for lag in lags),
        a=a,
        b=variation.interval_cv**2 * (1 + a),
        day=variation.day_cv,
        interval=variation.interval_cv,
        rho=variation.correlation,
    )


def need_text(need: str, handling: Handling) -> str:
    """Return one need with its handling."""
    return NEED.format(
        need=need,
        resolution=1 - handling.cut,
        cut=handling.cut,
        mean=handling.talk.mean,
        low=handling.talk.low,
        high=handling.talk.high,
        served=handling.served,
        distance=handling.distance,
        distance_lognormal=handling.distance_lognormal,
        short=round(handling.short, 3),
        whole=1 - round(handling.short, 3),
        whole_mean=handling.whole_mean,
        whole_cv=handling.whole_cv,
    )


def segment_text(segment: str, demand: Demand, patience: Patience) -> str:
    """Return one segment with its arrivals and its patience."""
    digits = 2 if demand.fresh.max() < 1 else 1
    head_start = 'head_start = "90s"          # as the bank set it (published)\n'
    return SEGMENT.format(
        about=ABOUT[segment],
        segment=segment,
        need=need_of(segment),
        head_start=head_start if segment in HEAD_STARTS else "",
        measured=demand.measured.sum(),
        retries=demand.retries.sum(),
        recontacts=demand.recontacts.sum(),
        fresh=demand.fresh.sum(),
        low=demand.total.low,
        high=demand.total.high,
        counts=half_hour_rows([f"{count:.{digits}f}" for count in demand.fresh]),
        abandoned=patience.abandoned,
        queued=patience.queued,
        reliable=patience.reliable,
        surviving=patience.surviving,
        tail_mean=patience.tail_mean,
        mean=patience.mean,
        hazards=", ".join(f"{span}: {rate:.2f}" for span, rate in patience.hazards.items()),
        quantiles=quantile_rows(patience.quantiles),
    )


def channel_text(retry: Return, recontact: Return) -> str:
    """Return the phone channel with what follows a failed call."""
    return CHANNEL.format(
        retry_calls=retry.calls,
        retry_after=retry.after,
        background=retry.background,
        retry=retry.share.mean,
        retry_low=retry.share.low,
        retry_high=retry.share.high,
        retry_quantiles=return_rows(retry),
        cut_after=recontact.after,
        recontact=recontact.share.mean,
        recontact_low=recontact.share.low,
        recontact_high=recontact.share.high,
        recontact_calls=recontact.calls,
        recontact_quantiles=return_rows(recontact),
    )


def pools_text(centre: Centre) -> str:
    """Return the pools with the three rules of presence side by side."""
    rule = "gaps over 15 minutes"
    losses = [f"#   {name:<52}{share:6.1%}" for name, share in centre.erlang_a.items()]
    whole = centre.agents[f"{rule}, rounded half up"]
    return POOLS.format(
        measured=centre.measured_abandonment.mean,
        erlang="\n".join(losses),
        exact=centre.agents[rule].sum(),
        whole=whole.sum(),
        hours=centre.agent_hours.mean,
        hours_low=centre.agent_hours.low,
        hours_high=centre.agent_hours.high,
        late=f"{centre.late_agents:.2f} agents",
        agents=half_hour_rows([str(count) for count in whole]),
    )


def scenario_text(centre: Centre) -> str:
    """Return the whole scenario."""
    banking = [centre.demand[segment].measured.sum() for segment in ("regular", "privileged")]
    wave, no_wave = prospects_in_the_afternoon(centre.requests)
    title = TITLE.format(
        days=len(centre.days),
        requests=len(centre.requests),
        broken=" and ".join(centre.broken),
        wave=wave,
        no_wave=no_wave,
    )
    parts = [
        title,
        variation_text(centre.variation, centre.requests),
        NEEDS_HEAD.format(cut_after=centre.recontact.after, background=centre.recontact.background),
        *(need_text(need, handling) for need, handling in centre.handling.items()),
        SEGMENTS_HEAD.format(privileged=banking[1] / sum(banking)),
        *(segment_text(s, centre.demand[s], centre.patience[s]) for s in SEGMENTS),
        channel_text(centre.retry, centre.recontact),
        pools_text(centre),
        EVIDENCE_HEAD,
        "\n".join(["[evidence]", *measured_evidence(centre), *other_evidence(centre), ""]),
        VARIANTS,
    ]
    return reflowed("".join(parts))


def prospects_in_the_afternoon(requests: pd.DataFrame) -> list[float]:
    """Return prospects per half hour from 16:00 to 18:00 on days with, and without, their wave."""
    calls = requests[(requests["need"] == "prospect") & requests["slot"].between(32, 35)]
    means = []
    for weekdays in (("Sunday", "Tuesday", "Thursday"), ("Monday", "Wednesday")):
        days = requests.loc[requests["weekday"].isin(weekdays), "day"].nunique()
        means.append(float(calls["weekday"].isin(weekdays).sum()) / (4 * days))
    return means


def reflowed(text: str) -> str:
    """Return the text with each run of lines that begin with `#~` set as one paragraph."""
    done: list[str] = []
    paragraph: list[str] = []
    for line in [*text.splitlines(), ""]:
        if line.startswith("#~ "):
            paragraph.append(line[3:])
            continue
        if paragraph:
            marks = {"initial_indent": "# ", "subsequent_indent": "# "}
            done += textwrap.wrap(" ".join(paragraph), width=98, break_on_hyphens=False, **marks)
            paragraph = []
        done.append(line)
    return "\n".join(done)
