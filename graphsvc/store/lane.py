"""A lane: so many places at once, of which one client has a part, and a bounded queue that is fair between clients."""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict, deque

from graphsvc.errors import Overloaded

_Queue = deque[asyncio.Future[None]]


class Lane:
    """`places` at once, `most_each` for a client that has a name; at most `most_waiting` wait, and clients take turns
    however many queries each has waiting."""

    def __init__(self, places: int, most_waiting: int, most_each: int | None = None) -> None:
        self.places, self.taken, self.waiting = places, 0, 0
        self._most, self._most_each = most_waiting, most_each or places
        self._held: Counter[str] = Counter()
        self._queues: OrderedDict[str, _Queue] = OrderedDict()

    def try_enter(self, client: str) -> bool:
        """Take a place if one is free; who waits beside free places has as many as it may have."""
        if self.taken >= self.places or self._has_enough(client):
            return False
        self._take(client)
        return True

    async def enter(self, client: str, seconds: float) -> None:
        """Wait for a place; Overloaded if the queue is full, or if it takes longer than `seconds`."""
        if self.try_enter(client):
            return
        self._make_room(client)
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._queues.setdefault(client, deque()).append(place)
        self.waiting += 1
        try:
            async with asyncio.timeout(seconds):
                await place
        except TimeoutError:
            self._forget(client, place)
            raise Overloaded from None
        except BaseException:
            self._forget(client, place)
            raise

    def leave(self, client: str) -> None:
        """Give the place of `client` to the one whose turn it is, or free it."""
        self.taken -= 1
        self._held[client] -= 1
        if not self._held[client]:
            del self._held[client]
        while (next_one := next((name for name in self._queues if not self._has_enough(name)), None)) is not None:
            queue = self._queues.pop(next_one)
            place = queue.popleft()
            self.waiting -= 1
            if queue:
                self._queues[next_one] = queue
            if not place.done():
                self._take(next_one)
                place.set_result(None)
                return

    def _take(self, client: str) -> None:
        self.taken += 1
        self._held[client] += 1

    def _has_enough(self, client: str) -> bool:
        return bool(client) and self._held[client] >= self._most_each

    def _make_room(self, client: str) -> None:
        """In a full queue, the newest query of the client that has most waiting gives way to one that has fewer."""
        if self.waiting < self._most:
            return
        greediest = max(self._queues, key=lambda name: len(self._queues[name]), default=client)
        own = len(self._queues.get(client, ()))
        if greediest == client or len(self._queues[greediest]) <= own + 1:
            raise Overloaded
        queue = self._queues[greediest]
        place = queue.pop()
        self.waiting -= 1
        if not queue:
            del self._queues[greediest]
        if not place.done():
            place.set_exception(Overloaded())

    def _forget(self, client: str, place: asyncio.Future[None]) -> None:
        if place.done() and not place.cancelled() and place.exception() is None:
            self.leave(client)  # the place came as its taker left
            return
        queue = self._queues.get(client)
        if queue is not None and place in queue:
            queue.remove(place)
            self.waiting -= 1
            if not queue:
                del self._queues[client]
