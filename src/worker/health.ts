/** Tells whoever operates a worker whether it lives and whether it takes work. */
import { createServer, type Server } from 'node:http';

/** The states of a Temporal worker, as far as they matter here. */
export interface Watched {
  getState(): string;
}

export interface Health {
  /** The port that was taken; another than the one asked for when that was 0. */
  readonly port: number;
  close(): Promise<void>;
}

/**
 * `/readyz` is 200 while every worker polls, else 503; `/livez` is 503 only after one has failed, which no waiting mends.
 * Before `workers()` returns any, the process is alive and not ready. The body names the states.
 */
export async function serveHealth(port: number, workers: () => readonly Watched[]): Promise<Health> {
  const server = createServer((request, response) => {
    const states = workers().map((worker) => worker.getState());
    const verdicts: Readonly<Record<string, boolean>> = {
      '/livez': !states.includes('FAILED'),
      '/readyz': states.length > 0 && states.every((state) => state === 'RUNNING'),
    };
    const good = verdicts[request.url ?? ''];
    response.writeHead(good === undefined ? 404 : good ? 200 : 503, { 'content-type': 'application/json' });
    response.end(`${JSON.stringify({ states })}\n`);
  });
  await listening(server, port);
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : port,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** All interfaces: the node asks from outside the pod. @throws the system's error when the port is taken. */
function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, resolve);
  });
}
