"""Paths of the weights that the built-in measures of journeys rest on, by what is measured."""

from __future__ import annotations

PERCEIVED_WEIGHTS = ("wait.k", "wait.beta")
#: What the valence of a contact rests on.
VALENCE_WEIGHTS = (
    *PERCEIVED_WEIGHTS,
    "wait.accept",
    "wait.accept_chat",
    "wait.accept_deferred",
    "wait.slope",
    "wait.early_slope",
    "wait.early_cap",
    "wait.announced_slope",
    "outcome.met",
    "outcome.open",
    "outcome.unmet",
    "outcome.failed",
    "valence.loss_aversion",
    "valence.curvature",
    "valence.adaptation",
    "valence.expectation",
    "valence.resolution",
    "valence.speed",
    "valence.warmth",
    "valence.stakes",
    "warmth.human",
    "warmth.machine",
)
MEMORY_WEIGHTS = (*VALENCE_WEIGHTS, "memory.peak", "memory.end")
EFFORT_WEIGHTS = (
    *PERCEIVED_WEIGHTS,
    "effort.repeat",
    "effort.switch",
    "effort.transfer",
    "effort.repeat_story",
    "effort.wait",
)
CHURN_WEIGHTS = (
    *MEMORY_WEIGHTS,
    *EFFORT_WEIGHTS[2:],
    "churn.base",
    "churn.experience",
    "churn.effort",
    "churn.abandoned",
    "churn.unresolved",
)
ANGER_WEIGHTS = (
    *PERCEIVED_WEIGHTS,
    "wait.accept",
    "wait.accept_chat",
    "wait.accept_deferred",
    "warmth.human",
    "warmth.machine",
    "anger.tau",
    "anger.wait",
    "anger.hop",
    "anger.repeat_story",
    "anger.unresolved",
    "anger.warmth",
)
RECOMMEND_WEIGHTS = (*MEMORY_WEIGHTS, "recommend.base", "recommend.slope", "recommend.spread")
