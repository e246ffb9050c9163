/**
 * Requests to the Kubernetes API. The client library knows kubeconfigs and credentials; connections are kept here, because it opens
 * one for each request, and streams are read here, because its watch and its log follower end or stall without a word.
 */
import http from 'node:http';
import https from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { KubeConfig } from '@kubernetes/client-node';
import { UserError } from '../../domain/errors.js';
import { ApiError, isNetworkError, parseApiError } from './api-error.js';

export interface RequestOptions {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
  /** Of the body; absent: JSON. */
  readonly contentType?: string;
  readonly signal?: AbortSignal;
  /** Faults of the network and of an overloaded server are tried again for this long; default 30 s. */
  readonly patienceMs?: number;
}

export interface Gateway {
  readonly server: string;
  /** @throws ApiError with the status, or the fault of the network when patience has ended. */
  request<T>(path: string, options?: RequestOptions): Promise<T>;
  /** The lines of a stream until the server ends it. Throws when the connection breaks or nothing arrives for `idleMs`. */
  lines(path: string, options: StreamOptions): AsyncGenerator<string, void, undefined>;
  /** The most connections that were open at the same time since the start, for tests. */
  mostOpen(): number;
  close(): void;
}

export interface StreamOptions extends Pick<RequestOptions, 'query' | 'signal'> {
  readonly idleMs: number;
}

const ANSWER_MS = 20_000;
const PATIENCE_MS = 30_000;
/** At the same time; more requests wait for a free one. */
const MOST_CONNECTIONS = 8;
const MOST_STREAMS = 24;

/** @throws UserError `kubernetes-unreachable` when there is no kubeconfig, or none with that context. */
export function createGateway(context?: string): Gateway {
  const config = loadConfig(context);
  const server = config.getCurrentCluster()?.server ?? '';
  const counter = { open: 0, most: 0 };
  const requests = agentsFor(config, MOST_CONNECTIONS, counter);
  const streams = agentsFor(config, MOST_STREAMS, counter);

  async function send(
    agents: Agents,
    path: string,
    options: RequestOptions,
    idleMs: number,
  ): Promise<http.IncomingMessage> {
    const url = new URL(server.replace(/\/$/, '') + path);
    for (const [name, value] of Object.entries(options.query ?? {}))
      if (value !== undefined) url.searchParams.set(name, String(value));
    const settings: https.RequestOptions = { method: options.method ?? 'GET', headers: {} };
    await config.applyToHTTPSOptions(settings);
    const body = options.body === undefined ? undefined : JSON.stringify(options.body);
    const headers = {
      ...settings.headers,
      accept: 'application/json',
      ...(body !== undefined && {
        'content-type': options.contentType ?? 'application/json',
        'content-length': Buffer.byteLength(body),
      }),
    };
    const { method, auth } = settings;
    const agent = agents(settings);
    return answerTo(url, { method, headers, agent, ...(auth != null && { auth }) }, body, idleMs, options.signal);
  }

  async function once<T>(path: string, options: RequestOptions): Promise<T> {
    const response = await send(requests, path, options, ANSWER_MS);
    const text = await textOf(response);
    const status = response.statusCode ?? 0;
    if (status >= 400) throw parseApiError(status, text, response.headers['retry-after']);
    return (text === '' ? {} : JSON.parse(text)) as T;
  }

  return {
    server,
    mostOpen: () => counter.most,
    async request<T>(path: string, options: RequestOptions = {}): Promise<T> {
      const deadline = Date.now() + (options.patienceMs ?? PATIENCE_MS);
      for (let turn = 0; ; turn += 1) {
        try {
          return await once<T>(path, options);
        } catch (error) {
          options.signal?.throwIfAborted();
          const pause = pauseAfter(error, turn);
          if (pause === undefined || Date.now() + pause > deadline) throw error;
          await sleep(pause, undefined, { ...(options.signal && { signal: options.signal }) });
        }
      }
    },
    async *lines(path, options) {
      const response = await send(streams, path, options, options.idleMs);
      const status = response.statusCode ?? 0;
      if (status >= 400) throw parseApiError(status, await textOf(response), response.headers['retry-after']);
      yield* linesOf(response);
    },
    close() {
      requests.destroy();
      streams.destroy();
    },
  };
}

/** Milliseconds to wait before another try; undefined when another try would not help. */
function pauseAfter(error: unknown, turn: number): number | undefined {
  const jitter = 0.5 + Math.random();
  if (error instanceof ApiError)
    return error.retryable ? Math.max(error.retryAfterMs, 200 * 2 ** turn * jitter) : undefined;
  return isNetworkError(error) ? Math.min(5000, 100 * 2 ** turn) * jitter : undefined;
}

function loadConfig(context: string | undefined): KubeConfig {
  const config = new KubeConfig();
  const next = 'Point KUBECONFIG at a readable file, or run the worker in a pod with a service account.';
  try {
    config.loadFromDefault();
    if (context !== undefined) config.setCurrentContext(context);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UserError('kubernetes-unreachable', `The kubeconfig cannot be used: ${why}`, next, { cause: error });
  }
  const cluster = config.getCurrentCluster();
  // Where it finds nothing, the library believes in a server without TLS on this machine, and then refuses to talk to it.
  const imagined = cluster?.server.startsWith('http:') && !cluster.skipTLSVerify;
  if (cluster && !imagined) return config;
  const which = context === undefined ? 'names no cluster' : `has no context ${context} with a cluster`;
  throw new UserError(
    'kubernetes-unreachable',
    imagined ? 'There is no kubeconfig, and this is no pod of a cluster.' : `The kubeconfig ${which}.`,
    next,
  );
}

interface Counter {
  open: number;
  most: number;
}

type Agents = ((settings: https.RequestOptions) => http.Agent) & { destroy(): void };

/** One agent for the same credentials, kept with its connections; another one when a certificate was renewed. */
function agentsFor(config: KubeConfig, most: number, counter: Counter): Agents {
  let kept: { readonly key: string; readonly agent: http.Agent } | undefined;
  const pick = (settings: https.RequestOptions): http.Agent => {
    const cluster = config.getCurrentCluster();
    // The library knows proxies; its agent is new for each request, so it is kept by what it was made from.
    const { ca, cert, key, pfx, passphrase, servername, rejectUnauthorized } = settings;
    const made = JSON.stringify([cluster?.server, cluster?.proxyUrl, String(ca), String(cert), String(key)]);
    if (kept?.key === made) return kept.agent;
    kept?.agent.destroy();
    const agent = cluster?.proxyUrl
      ? (settings.agent as http.Agent)
      : agentOf(cluster?.server ?? '', most, {
          ...(ca !== undefined && { ca }),
          ...(cert !== undefined && { cert }),
          ...(key !== undefined && { key }),
          ...(pfx !== undefined && { pfx }),
          ...(passphrase !== undefined && { passphrase }),
          ...(servername !== undefined && { servername }),
          ...(rejectUnauthorized !== undefined && { rejectUnauthorized }),
        });
    counted(agent, counter);
    kept = { key: made, agent };
    return agent;
  };
  return Object.assign(pick, { destroy: () => kept?.agent.destroy() });
}

function agentOf(server: string, most: number, tls: https.AgentOptions): http.Agent {
  const common = { keepAlive: true, maxSockets: most, maxFreeSockets: most };
  return server.startsWith('http:') ? new http.Agent(common) : new https.Agent({ ...common, ...tls });
}

function counted(agent: http.Agent, counter: Counter): void {
  const open = agent.createConnection.bind(agent);
  agent.createConnection = (...words) => {
    const made = open(...words);
    counter.open += 1;
    counter.most = Math.max(counter.most, counter.open);
    made?.once('close', () => {
      counter.open -= 1;
    });
    return made;
  };
}

function answerTo(
  url: URL,
  settings: https.RequestOptions,
  body: string | undefined,
  idleMs: number,
  signal: AbortSignal | undefined,
): Promise<http.IncomingMessage> {
  return new Promise((resolve, reject) => {
    const { request } = url.protocol === 'http:' ? http : https;
    const sent = request(url, { ...settings, ...(signal && { signal }) });
    sent.setTimeout(idleMs, () =>
      sent.destroy(Object.assign(new Error(`nothing for ${idleMs / 1000} s`), { code: 'ETIMEDOUT' })),
    );
    sent.once('error', reject);
    sent.once('response', resolve);
    sent.end(body);
  });
}

async function textOf(response: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

async function* linesOf(response: http.IncomingMessage): AsyncGenerator<string, void, undefined> {
  response.setEncoding('utf8');
  let rest = '';
  for await (const chunk of response) {
    const parts = (rest + (chunk as string)).split('\n');
    rest = parts.pop() ?? '';
    yield* parts;
  }
  if (rest !== '') yield rest;
}
