"""How a Fetcher behaves: one frozen value."""

from dataclasses import dataclass

DEFAULT_USER_AGENT = "winnow/0.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchOptions:
    """Limits and manners of a Fetcher.

    Attributes:
        user_agent: Product and version; the part before "/" is what robots.txt is asked about.
        contact: A mail address or URL that site owners can turn to, sent with the user agent.
        connect_timeout_seconds: For name, TCP and TLS of one connection.
        timeout_seconds: The longest silence while waiting for a response or its next bytes.
        total_timeout_seconds: One request from connecting to the last byte, however it drips.
        max_bytes: The body's cap, counted on the wire and again after decompression.
        max_redirects: Hops followed before giving up; browsers follow twenty.
        delay_seconds: Least time between the starts of two requests to one host; robots.txt and
            a host that answers slowly can make it longer, nothing makes it shorter.
        per_host: Requests to one host at the same time.
        max_connections: Requests at the same time in all.
        retries: Further tries after a failure that may pass at once.
        longest_wait_seconds: For how long at most a call waits while its host is backed off from;
            beyond it HostBackingOffError is raised. The delay between requests is always waited
            for, however long it is.
        obey_robots: Whether robots.txt is asked for and obeyed.
    """

    user_agent: str = DEFAULT_USER_AGENT
    contact: str | None = None
    connect_timeout_seconds: float = 10.0
    timeout_seconds: float = 20.0
    total_timeout_seconds: float = 60.0
    max_bytes: int = 10_000_000
    max_redirects: int = 20
    delay_seconds: float = 1.0
    per_host: int = 1
    max_connections: int = 64
    retries: int = 2
    longest_wait_seconds: float = 10.0
    obey_robots: bool = True

    @property
    def user_agent_header(self) -> str:
        """What is sent as User-Agent.

        Example:
            >>> FetchOptions(user_agent="winnow/0.1", contact="desk@example.org").user_agent_header
            'winnow/0.1 (+desk@example.org)'
        """
        text = self.user_agent if self.contact is None else f"{self.user_agent} (+{self.contact})"
        # A header is one line of printable ASCII, whatever a settings file holds.
        return "".join(c for c in text if " " <= c <= "~").strip() or DEFAULT_USER_AGENT

    @property
    def robots_token(self) -> str:
        """The product token that robots.txt groups are matched against (RFC 9309, 2.2.1)."""
        return self.user_agent.partition("/")[0].strip() or "winnow"
