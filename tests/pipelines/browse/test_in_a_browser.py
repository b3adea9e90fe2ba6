"""Pages that winnow writes, in a real browser: nothing is wider than the window."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from pipelines.browse.inspection import render_inspection
from scraper.extract.extractor import explain_page
from scraper.page import Page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
PROBE = (
    "<script>document.title = document.documentElement.scrollWidth + ' of ' + innerWidth</script>"
)


@pytest.mark.skipif(not CHROMIUM, reason="there is no chromium on this machine")
@pytest.mark.parametrize("width", [1280, 390])
def test_an_inspection_fits_its_window(tmp_path: Path, width: int) -> None:
    body = f"<h1>Rain</h1><p>{'It rained all night in the hills. ' * 20}</p><p>{'w' * 400}</p>"
    page = Page(url="https://news.example/" + "long-" * 40, body=body.encode())
    text = render_inspection(explain_page(page), name=page.url, rules=None)
    file = tmp_path / "inspection.html"
    file.write_text(text + PROBE, encoding="utf-8")
    command = [CHROMIUM, "--headless", "--no-sandbox", f"--user-data-dir={tmp_path / 'profile'}"]
    shown = subprocess.run(
        [*command, f"--window-size={width},800", "--dump-dom", file.as_uri()],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    ).stdout
    found = re.search(r"<title>(\d+) of (\d+)</title>", shown)
    assert found, shown[:300]
    assert int(found[1]) <= int(found[2])
    assert "It rained all night" in shown
