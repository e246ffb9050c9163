/**
 * The artefact endpoint: the one address that a pod can reach. It gives the prepared tables of an execution and takes its outputs,
 * known names up to a known size, for whoever has the token of that execution.
 */
import { createWriteStream } from 'node:fs';
import { mkdir, rename, unlink } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { UserError } from '../../domain/errors.js';
import { CLIENT_LIMITS, type ClientLimits, type Clients, limitClients } from './client-limits.js';
import { type ListenAddress, listenAddress } from './listen-address.js';
import { type Records, writeWhole } from './records.js';
import { Report } from './report.js';
import { type Grant, grantIn } from './tokens.js';
import { sendView } from './view-stream.js';

const MIB = 1024 * 1024;
const MOST_REPORT_BYTES = 2 * MIB;
/** A client that says nothing for this long is given up. */
const IDLE_MS = 60_000;
const HEADERS_MS = 10_000;
/** For the body of a request: this, and as long as its bytes take on a slow network. */
const BODY_MS = 30_000;
const SLOWEST_BYTES_PER_MS = 256;

export interface ArtefactOptions {
  /** host:port, an IPv6 host in brackets; `:port` is every interface of both families; port 0 picks a free one. */
  readonly listen: string;
  readonly maxFileMiB: number;
  readonly secret: Uint8Array;
  readonly records: Records;
  /** A client that has not sent its headers by then is given up; default 10 s. */
  readonly headersMs?: number;
  /** The same for the body, beside the time that its size allows; default 30 s. */
  readonly bodyMs?: number;
  readonly limits?: Partial<ClientLimits>;
  /** Called when the last part of an execution's results is there. */
  readonly onReport?: (job: Grant['job']) => void;
}

export interface ArtefactEndpoint {
  readonly port: number;
  close(): Promise<void>;
}

/** @throws UserError `port-taken`; `kubernetes-settings-invalid` for what is no address. */
export async function serveArtefacts(options: ArtefactOptions): Promise<ArtefactEndpoint> {
  const { headersMs = HEADERS_MS, bodyMs = BODY_MS } = options;
  const where = listenAddress(options.listen);
  if (!where) throw noAddress(options.listen);
  const server = createServer({ connectionsCheckingInterval: headersMs / 2 }, (request, response) => {
    answer(service, request, response).catch((error: unknown) => refuse(response, faultOf(error)));
  });
  const clients = limitClients(server, { ...CLIENT_LIMITS, ...options.limits });
  const service: Service = { ...options, bodyMs, clients };
  server.setTimeout(IDLE_MS);
  server.keepAliveTimeout = 5000;
  server.headersTimeout = headersMs;
  // Bodies have a limit of their own, by their size.
  server.requestTimeout = 0;
  await listen(server, where);
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : where.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function noAddress(text: string): UserError {
  return new UserError(
    'kubernetes-settings-invalid',
    `The artefact endpoint cannot listen on "${text}", which is no address.`,
    'Write host:port, [IPv6 address]:port or :port in artefacts.listen or AUTOMLGEN_ARTEFACT_LISTEN.',
  );
}

function listen(server: Server, { host, port }: ListenAddress): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        new UserError(
          'port-taken',
          `The artefact endpoint cannot listen on ${host.includes(':') ? `[${host}]` : host}:${port} (${error.code ?? error.message}).`,
          'Choose another address with AUTOMLGEN_ARTEFACT_LISTEN, and tell pods with AUTOMLGEN_ARTEFACT_URL.',
          { cause: error },
        ),
      ),
    );
    server.listen(port, host, resolve);
  });
}

class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

interface Service extends ArtefactOptions {
  readonly bodyMs: number;
  readonly clients: Clients;
}

async function answer(service: Service, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [job, ...rest] = partsOf(request.url ?? '/');
  if (job === '/healthz') return done(response, 200);
  const grant = grantIn(/^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '', service.secret);
  if (!grant || grant.job !== job) throw new Refusal(401, 'This token does not open this.');
  const over = service.clients.admit(grant.job, request.socket);
  if (!over) throw new Refusal(429, 'One after the other.');
  response.once('close', over);
  return serve(service, grant, rest, request, response);
}

async function serve(
  service: Service,
  grant: Grant,
  [what = '', ...rest]: readonly string[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  switch (`${request.method} ${what}`) {
    case 'GET views':
      return giveView(grant, rest, response);
    case 'PUT outputs':
      return takeOutput(service, grant, rest, request, response);
    case 'PUT status':
      return takeReport(service, grant, request, response);
    default:
      throw new Refusal(404, 'There is nothing here.');
  }
}

/** The parts after `/v1/executions`, or the whole path of what is open to everybody. */
function partsOf(url: string): readonly string[] {
  try {
    const path = new URL(url, 'http://worker').pathname;
    if (path === '/healthz') return [path];
    const [, version, kind, ...parts] = path.split('/');
    if (version === 'v1' && kind === 'executions') return parts.map(decodeURIComponent);
  } catch {
    // Not even a path.
  }
  throw new Refusal(404, 'There is nothing here.');
}

async function giveView(
  grant: Grant,
  [view = '', ...more]: readonly string[],
  response: ServerResponse,
): Promise<void> {
  const folder = grant.views[view];
  if (folder === undefined || more.length > 0) throw new Refusal(404, 'The execution has no such view.');
  response.writeHead(200, { 'content-type': 'application/octet-stream' });
  await sendView(folder, response);
}

async function takeOutput(
  { records, maxFileMiB, bodyMs }: Service,
  grant: Grant,
  [view = '', ...name]: readonly string[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const output = name.join('/');
  if (grant.views[view] === undefined || !grant.outputs.includes(output))
    throw new Refusal(404, 'The execution has no such output.');
  await requireRecorded(records, grant);
  await receive(request, records.output(grant.job, view, output), maxFileMiB * MIB, bodyMs);
  done(response, 201);
}

async function takeReport(
  { records, onReport, bodyMs }: Service,
  grant: Grant,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  await requireRecorded(records, grant);
  const parsed = Report.safeParse(jsonOf(await textOf(request, MOST_REPORT_BYTES, bodyMs)));
  if (!parsed.success) throw new Refusal(400, 'This is not a report.');
  await writeWhole(records.reportPath(grant.job), JSON.stringify(parsed.data));
  onReport?.(grant.job);
  done(response, 201);
}

/** What was released takes nothing any more: a straggler must not leave a folder that nobody removes. */
async function requireRecorded(records: Records, { job }: Grant): Promise<void> {
  if (!(await records.spec(job))) throw new Refusal(410, 'The execution is over.');
}

/** The file appears whole or not at all. */
async function receive(request: IncomingMessage, target: string, most: number, bodyMs: number): Promise<void> {
  const announced = Number(request.headers['content-length'] ?? Number.NaN);
  if (!Number.isSafeInteger(announced)) throw new Refusal(411, 'The size has to be announced.');
  if (announced > most) throw new Refusal(413, `More than ${most} bytes.`);
  await mkdir(dirname(target), { recursive: true });
  const temporary = `${target}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  const arrived = patience(request, bodyMs + announced / SLOWEST_BYTES_PER_MS);
  try {
    let received = 0;
    const counted = async function* (source: AsyncIterable<Buffer>) {
      for await (const chunk of source) {
        received += chunk.length;
        if (received > most) throw new Refusal(413, `More than ${most} bytes.`);
        yield chunk;
      }
    };
    await pipeline(request, counted, createWriteStream(temporary, { mode: 0o600, flush: true }));
    if (received !== announced) throw new Refusal(400, `${received} of ${announced} bytes arrived.`);
    await rename(temporary, target);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  } finally {
    arrived();
  }
}

/** Ends the connection of a client that sends a byte now and then. To be told when all has come. */
function patience(request: IncomingMessage, ms: number): () => void {
  const timer = setTimeout(() => request.destroy(new Refusal(408, 'Too slow.')), ms);
  return () => clearTimeout(timer);
}

async function textOf(request: IncomingMessage, most: number, bodyMs: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  const arrived = patience(request, bodyMs);
  try {
    for await (const chunk of request) {
      size += (chunk as Buffer).length;
      if (size > most) throw new Refusal(413, `More than ${most} bytes.`);
      chunks.push(chunk as Buffer);
    }
  } finally {
    arrived();
  }
  return Buffer.concat(chunks).toString('utf8');
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function done(response: ServerResponse, status: number): void {
  response.writeHead(status).end();
}

/** Nothing of a fault of ours is told to a pod. */
function faultOf(error: unknown): Refusal {
  return error instanceof Refusal ? error : new Refusal(503, 'Not now.');
}

function refuse(response: ServerResponse, { status, message }: Refusal): void {
  if (response.headersSent) response.destroy();
  else response.writeHead(status, { 'content-type': 'text/plain', connection: 'close' }).end(`${message}\n`);
}
