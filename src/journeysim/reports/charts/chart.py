"""What every chart has: a table, what is shown of it, words, and a drawing by matplotlib."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from journeysim.reports.charts.chart_style import WIDE, styled
from journeysim.reports.page_tables import PageTable

if TYPE_CHECKING:
    import pyarrow as pa
    from matplotlib.figure import Figure


class Chart(ABC):
    """One chart of one question: what it shows, and how matplotlib draws it.

    What is shown (`table`, `marks` and the words) knows nothing of a way to draw; a renderer needs
    nothing else.
    """

    #: Its name after `plot.`.
    name: ClassVar[str]

    @property
    @abstractmethod
    def table(self) -> pa.Table:
        """What is drawn."""

    @property
    @abstractmethod
    def marks(self) -> Sequence[object]:
        """What is seen, in its order: values in shown units, with their labels."""

    @property
    @abstractmethod
    def title(self) -> str:
        """Its heading."""

    @property
    @abstractmethod
    def caption(self) -> str:
        """What it is made of: replications, customers, intervals."""

    @property
    @abstractmethod
    def alt_text(self) -> str:
        """What it shows, for who cannot see it and for who reads fast."""

    @property
    @abstractmethod
    def cells(self) -> PageTable:
        """The table as a page shows it."""

    @abstractmethod
    def draw(self, width: float) -> Figure:
        """Draw it with matplotlib, so many inches wide, in whatever style is set."""

    def figure(self, width: float = WIDE) -> Figure:
        """Return it as a matplotlib figure in the style of reports, so many inches wide."""
        with styled():
            return self.draw(width)
