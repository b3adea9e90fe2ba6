"""How many bytes of pages may be in memory at once."""

import asyncio


class ByteBudget:
    """Bounds the bytes of pages in memory: `take` waits while too few are left.

    Example:
        >>> async def hold(budget):
        ...     await budget.take(1000)
        ...     budget.give_back(1000)
    """

    def __init__(self, total_bytes: int) -> None:
        self._total = total_bytes
        self._left = total_bytes
        self._freed = asyncio.Event()

    async def take(self, size_bytes: int) -> None:
        """Wait until so much is left; more than there is in all counts as all of it."""
        size = min(size_bytes, self._total)
        while self._left < size:
            self._freed.clear()
            await self._freed.wait()
        self._left -= size

    def give_back(self, size_bytes: int) -> None:
        """Give back what was taken."""
        self._left += min(size_bytes, self._total)
        self._freed.set()
