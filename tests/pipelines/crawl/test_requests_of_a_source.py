"""What a source's requests say is in its entry and the environment, and nowhere else."""

import os
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from pipelines.errors import SettingsError
from pipelines.settings.parse_settings import parse_settings
from tests.pipelines.loopback_site import story

SECRETS = {"PAPER_KEY": "k-5d0c77", "PAPER_LOGIN": "reader:pw-a81f", "PAPER_SESSION": "s-40be2"}
ENTRY = '[[source]]\nname = "a"\nurl = "https://paper.example/"\n'


def _winnow(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from pipelines.cli.app import main; main()", *arguments],
        cwd=folder,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_a_page_behind_a_login_is_read_and_no_secret_is_left_anywhere(tmp_path: Path) -> None:
    asked: list[dict[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append({name.lower(): value for name, value in self.headers.items()})
            is_known = self.headers.get("X-Key") == SECRETS["PAPER_KEY"]
            body = b"" if self.path == "/robots.txt" else story(1)
            if self.path == "/":
                body = b'<html><body><h2><a href="/news/the-bridge-opens-again-1201.html">'
                body += b"The bridge opens again after the long winter</a></h2></body></html>"
            self.send_response(200 if is_known else 401)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "sources.toml").write_text(
        '[defaults]\nallow_private = true\ndelay_seconds = 0.0\naccept_language = "de"\n'
        f'[[source]]\nname = "a"\nurl = "http://127.0.0.1:{server.server_port}/"\n'
        'headers = { X-Key = "${PAPER_KEY}" }\nauth = "${PAPER_LOGIN}"\n'
        'cookies = { session = "${PAPER_SESSION}" }\n'
    )
    done = _winnow(tmp_path, "crawl", "--executor", "local", "--log", "json", **SECRETS)
    server.shutdown()
    server.server_close()
    assert done.returncode == 0, done.stderr
    assert len(asked) == 3
    for request in asked:
        assert request["accept-language"] == "de"
        assert request["authorization"].startswith("Basic ")
    assert asked[-1]["cookie"] == f"session={SECRETS['PAPER_SESSION']}"
    left = [path.read_bytes() for path in (tmp_path / "data").iterdir()]
    said = "".join(
        (_winnow(tmp_path, *command.split()).stdout + _winnow(tmp_path, *command.split()).stderr)
        for command in ("status", "status --format json", "export jsonl", "db check")
    )
    for secret in (*SECRETS.values(), asked[0]["authorization"]):
        assert not any(secret.encode() in content for content in left)
        assert secret not in done.stdout + done.stderr + said


def test_a_variable_that_is_missing_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "sources.toml").write_text(ENTRY + 'auth = "me:${NO_SUCH_SECRET}"\n')
    done = _winnow(tmp_path, "crawl")
    assert done.returncode == 2
    assert done.stderr.strip().endswith(
        'data/sources.toml, line 4: source "a": `auth`: the environment has no variable '
        "NO_SUCH_SECRET"
    )
    assert "NO_SUCH_SECRET" not in _winnow(tmp_path, "status").stderr


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('headers = { Host = "b.example" }', "winnow sets Host itself"),
        ('headers = { Cookie = "a=b" }', "for Cookie there is a key of its own: `cookies`"),
        ('headers = { "X Key" = "1" }', "'X Key' is no name of a header"),
        ('headers = { X-Key = "1\\r\\nHost: b" }', "one line"),
        ('cookies = { a = "b; c" }', "the cookie a has"),
        ('auth = "secretword"', 'write "user:password", or "Bearer TOKEN"'),
        ('proxy = "socks5://me:secretword@127.0.0.1:1080"', "SOCKS is not spoken"),
        ('proxy = "127.0.0.1:3128"', 'a proxy is written as "http://host:port"'),
        ('ca_file = "no-such-file.pem"', "No such file"),
        ("timeout_seconds = 0.5", "greater than or equal to 1"),
        ("since = 2026-02-01\nuntil = 2026-01-01", "comes after `until`"),
    ],
)
def test_a_mistake_is_told_in_words_without_the_secret(line: str, said: str) -> None:
    with pytest.raises(SettingsError) as failed:
        parse_settings(ENTRY + line)
    assert said in str(failed.value)
    assert "secretword" not in str(failed.value)


def test_settings_show_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    settings = parse_settings(
        ENTRY + 'headers = { X-Key = "${PAPER_KEY}" }\nauth = "${PAPER_LOGIN}"\n'
        'cookies = { s = "${PAPER_SESSION}" }\nproxy = "http://${PAPER_LOGIN}@127.0.0.1:3128"\n'
    )
    assert settings.sources[0].headers == {"X-Key": SECRETS["PAPER_KEY"]}
    assert not [secret for secret in SECRETS.values() if secret in repr(settings)]
