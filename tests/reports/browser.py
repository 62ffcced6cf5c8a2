"""A page as a browser without a screen shows it, at any width."""

from __future__ import annotations

import functools
import http.server
import json
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from typing import Any

#: What looks at the page from within: it stands in a frame of the width that is asked for.
_FRAME = """<!doctype html><meta charset="utf-8"><body>
<iframe id="frame" style="border:0" src="report.html"></iframe>
<script>
const asked = new URLSearchParams(location.search);
frame.style.width = asked.get("width") + "px"; frame.style.height = "900px";
frame.onload = () => {
  const page = frame.contentDocument, view = frame.contentWindow;
  const wide = view.innerWidth;
  const drawn = [...page.querySelectorAll("figure svg")];
  const shown = drawn.filter(each => each.getBoundingClientRect().width);
  const letters = shown.flatMap(each => [...each.querySelectorAll("text")].map(
    text => parseFloat(view.getComputedStyle(text).fontSize) * each.getScreenCTM().a));
  const cut = shown.flatMap(each => {
    const box = each.getBoundingClientRect();
    return [...each.querySelectorAll("text")].filter(text => {
      const own = text.getBoundingClientRect();
      return own.right > box.right + 2 || own.left < box.left - 2;
    }).map(text => text.textContent);
  });
  const found = {
    inner: wide,
    scroll: page.documentElement.scrollWidth,
    asked_for: view.performance.getEntriesByType("resource").map(each => each.name)
      .filter(name => !name.startsWith("data:")),
    shown: shown.length,
    smallest: Math.min(...letters),
    cut: cut,
    scripts: page.scripts.length,
  };
  const out = document.createElement("pre");
  out.id = "found"; out.textContent = JSON.stringify(found); document.body.append(out);
};
</script>"""
_QUIET = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--hide-scrollbars", "--enable-logging=stderr", "--virtual-time-budget=20000"),
)


def browser() -> str | None:
    """Return the program of a Chromium, or None."""
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    return next((found for name in names if (found := shutil.which(name))), None)


@contextmanager
def served(folder: Path) -> Iterator[tuple[int, list[str]]]:
    """Serve a folder on loopback; yields the port and the paths that were asked for."""
    asked: list[str] = []

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            asked.append(self.path)

    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server.server_port, asked
        server.shutdown()
        thread.join()


def looked_at(report: Path, folder: Path, *, width: int) -> dict[str, Any]:
    """Return what a browser finds in a report at a width, with `asked` paths and `console`."""
    folder.mkdir()
    shutil.copy(report, folder / "report.html")
    (folder / "frame.html").write_text(_FRAME, encoding="utf-8")
    program = browser()
    assert program is not None
    with served(folder) as (port, asked):
        address = f"http://127.0.0.1:{port}/frame.html?width={width}"
        done = subprocess.run(
            [program, *_QUIET, f"--user-data-dir={folder / 'user'}", "--dump-dom", address],
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )
    result = re.search(r'<pre id="found">(.*?)</pre>', done.stdout, re.S)
    assert result is not None, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(unescape(result[1]))
    found["asked"] = asked
    found["console"] = [line for line in done.stderr.splitlines() if "CONSOLE" in line]
    return found
