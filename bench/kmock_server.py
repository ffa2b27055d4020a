"""What does the peer measure up to?  kmock (PyPI), another simulated API server, in a process of its own; made for tests, and kept in `var/bench`.

`python -m bench.kmock_server`, with `var/bench` on the path; a line of JSON says where it listens.
"""

from __future__ import annotations

import asyncio
import json


async def main() -> None:
    import kmock

    async with kmock.KubernetesEmulator(limit=None) as emulator, kmock.Server(emulator) as server:
        print(json.dumps({"port": server.port}), flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
