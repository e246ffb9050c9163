/** An OpenAI-compatible server that answers from a drawer: for tests, demos and benchmarks of everything but the model itself. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { type Complaint, complaint, json } from './complaints.js';
import { deliver } from './delivery.js';
import { createLedger, type Ledger } from './ledger.js';
import { MODEL_NAME, type StubOptions } from './options.js';
import { parseCall, type StubRequest } from './request.js';
import { createResponder } from './respond.js';

export interface StubModel {
  /** What OPENAI_BASE_URL is set to. */
  readonly url: string;
  readonly ledger: Ledger['read'];
  /** Ends open connections too. */
  close(): Promise<void>;
}

const LARGEST_BODY = 32 * 1024 * 1024;
const ROUTES: Readonly<Record<string, StubRequest['api']>> = {
  'POST /v1/chat/completions': 'chat',
  'POST /v1/responses': 'responses',
};

/** @throws the error of `listen`, such as EADDRINUSE. */
export async function startStubModel(options: StubOptions): Promise<StubModel> {
  const ledger = createLedger(options.ledgerPath);
  const respond = createResponder(options);

  async function answer(api: StubRequest['api'], request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    if (body === undefined) return send(response, complaint(413, { message: 'The request is too large.' }));
    const call = parsedCall(api, body);
    if ('status' in call) return send(response, call);
    const key = /^Bearer (.*)$/.exec(request.headers.authorization ?? '')?.[1];
    await deliver(response, call, respond(call, key), ledger.add);
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', 'http://stub');
    const route = `${request.method} ${pathname}`;
    const api = ROUTES[route];
    if (api !== undefined) return answer(api, request, response);
    if (route === 'GET /ledger') return send(response, json(200, ledger.read()));
    if (route === 'GET /v1/models') {
      const data = [{ id: MODEL_NAME, object: 'model', owned_by: 'automlgen' }];
      return send(response, json(200, { object: 'list', data }));
    }
    send(response, complaint(404, { message: `There is no ${route}.`, type: 'not_found' }));
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      // A caller that hangs up while it is still asking is none of our business.
      if (!response.headersSent) send(response, complaint(500, { message: `The stub failed: ${String(error)}` }));
      else response.destroy();
    });
  });
  server.listen(options.port, options.host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  return {
    url: `http://${host}:${port}/v1`,
    ledger: ledger.read,
    async close() {
      server.close();
      server.closeAllConnections();
      if (server.listening) await once(server, 'close');
    },
  };
}

function parsedCall(api: StubRequest['api'], body: string): StubRequest | Complaint {
  try {
    return parseCall(api, JSON.parse(body));
  } catch (error) {
    const message = error instanceof z.ZodError ? z.prettifyError(error) : 'The request is not JSON.';
    return complaint(400, { message, type: 'invalid_request_error' });
  }
}

/** Absent when there is more than anyone would send. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    size += part.length;
    if (size > LARGEST_BODY) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function send(response: ServerResponse, { status, headers, body }: Complaint): void {
  response.writeHead(status, headers).end(body);
}
