// A small application on a free port of this machine.
import { createServer } from 'node:http'
import { once } from 'node:events'

/** @returns the address of a server with that handler, and stop(). */
export async function serve(handler) {
  const server = createServer(handler)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    stop: () => new Promise((done) => { server.closeAllConnections(); server.close(done) }),
  }
}
