"""Serves localstripe (https://github.com/adrienverge/localstripe) on 127.0.0.1 only, keeping nothing on disk.

Its own command listens on every address of the machine. Prints its address; ends when its standard input is closed, so
that it never outlives the test that started it.
"""

import asyncio
import sys

from aiohttp import web
from localstripe import resources
from localstripe.server import app


async def main():
    resources.store.dump_to_disk = lambda: None
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    print(f"http://127.0.0.1:{port}/", flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    await runner.cleanup()


asyncio.run(main())
