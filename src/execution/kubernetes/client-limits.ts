/**
 * What one client may hold of the artefact endpoint, so that a hostile or broken pod leaves the others theirs. Who has shown a token is
 * counted by its execution, who has not by its address: where a proxy stands between, all pods have the same one, so the oldest
 * connection of an address makes room for its newest.
 */
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { JobName } from './parts.js';

export interface ClientLimits {
  /** Connections at once, of all. */
  readonly connections: number;
  /** Connections of one address that have shown no token yet, or wait for their next request. */
  readonly waitingPerAddress: number;
  /** Requests of one execution at once; its collector makes one after the other. */
  readonly requestsPerExecution: number;
}

/** Far more than pods at work, far fewer than file handles. */
export const CLIENT_LIMITS: ClientLimits = { connections: 2048, waitingPerAddress: 32, requestsPerExecution: 4 };

export interface Clients {
  /** To be called once the token is known to be good; what it returns, when the request is over. Undefined: too many at once. */
  admit(job: JobName, socket: Socket): (() => void) | undefined;
}

export function limitClients(server: Server, limits: ClientLimits): Clients {
  /** By address, the longest wait first. */
  const waiting = new Map<string, Set<Socket>>();
  const requests = new Map<JobName, number>();

  const wait = (socket: Socket): void => {
    const address = socket.remoteAddress ?? '';
    const others = waiting.get(address) ?? new Set();
    waiting.set(address, others.add(socket));
    const [oldest] = others;
    if (others.size > limits.waitingPerAddress) oldest?.destroy();
  };
  const stopWaiting = (socket: Socket, address = socket.remoteAddress ?? ''): void => {
    const others = waiting.get(address);
    others?.delete(socket);
    if (others?.size === 0) waiting.delete(address);
  };

  server.maxConnections = limits.connections;
  server.on('connection', (socket) => {
    // Not known any more once it is closed.
    const address = socket.remoteAddress ?? '';
    socket.once('close', () => stopWaiting(socket, address));
    wait(socket);
  });
  return {
    admit(job, socket) {
      const before = requests.get(job) ?? 0;
      if (before >= limits.requestsPerExecution) return undefined;
      requests.set(job, before + 1);
      stopWaiting(socket);
      return () => {
        const left = (requests.get(job) ?? 1) - 1;
        if (left > 0) requests.set(job, left);
        else requests.delete(job);
        if (!socket.destroyed) wait(socket);
      };
    },
  };
}
