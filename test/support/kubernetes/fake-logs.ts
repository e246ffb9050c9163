/** The part of a kubelet's server that gives logs; the real API server asks it on behalf of those who follow. */

import type { ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import { certificateOf, type Tier } from './tier.js';

export interface FakeLogs {
  readonly port: number;
  /** Appends a line to the log of a pod's main container. */
  write(pod: string, text: string): void;
  /** Ends the log, as a container does. */
  finish(pod: string): void;
  /** Breaks every connection that follows. */
  breakAll(): void;
  /** Requests so far. */
  asked(): number;
  close(): void;
}

interface Log {
  readonly lines: { readonly time: string; readonly text: string }[];
  readonly followers: Set<ServerResponse>;
  done: boolean;
}

export async function serveLogs(tier: Pick<Tier, 'folder'>): Promise<FakeLogs> {
  const logs = new Map<string, Log>();
  const logOf = (pod: string): Log => {
    const log = logs.get(pod) ?? { lines: [], followers: new Set(), done: false };
    logs.set(pod, log);
    return log;
  };
  let asked = 0;
  let last = 0n;
  const server: Server = createServer(certificateOf(tier, 'kubelet-server'), (request, response) => {
    asked += 1;
    const url = new URL(request.url ?? '/', 'https://node');
    const pod = url.pathname.split('/')[3] ?? '';
    const log = logOf(pod);
    const since = url.searchParams.get('sinceTime');
    const from = since === null ? '' : since.replace(/(\.\d+)?Z$/, '');
    const tail = Number(url.searchParams.get('tailLines') ?? Infinity);
    const shown = log.lines.filter(({ time }) => time >= from).slice(-tail);
    response.writeHead(200, { 'content-type': 'text/plain' });
    response.write(shown.map(lineOf).join(''));
    if (url.searchParams.get('follow') !== 'true' || log.done) return void response.end();
    log.followers.add(response);
    response.once('close', () => log.followers.delete(response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const lineOf = ({ time, text }: { time: string; text: string }): string => `${time} ${text}\n`;
  /** Nine digits, each later than the one before, as the runtime writes them. */
  const stamp = (): string => {
    const wanted = BigInt(Date.now()) * 1_000_000n;
    last = wanted > last ? wanted : last + 1n;
    const seconds = new Date(Number(last / 1_000_000_000n) * 1000).toISOString().slice(0, 19);
    return `${seconds}.${String(last % 1_000_000_000n).padStart(9, '0')}Z`;
  };
  return {
    port: (server.address() as { port: number }).port,
    write(pod, text) {
      const log = logOf(pod);
      const line = { time: stamp(), text };
      log.lines.push(line);
      for (const follower of log.followers) follower.write(lineOf(line));
    },
    finish(pod) {
      const log = logOf(pod);
      log.done = true;
      for (const follower of log.followers) follower.end();
    },
    breakAll() {
      for (const { followers } of logs.values()) for (const follower of followers) follower.socket?.destroy();
    },
    asked: () => asked,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
