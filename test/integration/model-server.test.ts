/** Both adapters against the stub model over real sockets: replies, tokens, every fault, cancellation, and what a key never reaches. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { type Model, ModelError, type ModelReply, type ModelRequest } from '../../src/authors/llm/model.js';
import { askStructured } from '../../src/authors/llm/structured.js';
import { checkModel } from '../../src/cli/doctor-model.js';
import { DAMAGES, type FaultKind, REFUSALS, type StubOptions } from '../../src/stub-model/options.js';
import type { StubModel } from '../../src/stub-model/server.js';
import { ADAPTERS, KEY, question, stub } from '../support/stub-model.js';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

async function started(options: Partial<StubOptions> = {}): Promise<StubModel> {
  const server = await stub(options);
  closing.push(() => server.close());
  return server;
}

async function handWritten(listener: RequestListener): Promise<string> {
  const server: Server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
}

const never = new AbortController().signal;
const streaming = { signal: never, onProgress: () => undefined };
const whole = { signal: never };

async function faultOf(promise: Promise<unknown>): Promise<ModelError> {
  const error = await promise.then(
    (value) => new Error(`no error but ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  );
  if (error instanceof ModelError) return error;
  throw error;
}

const Plan = z.object({ plan: z.string().min(1), steps: z.array(z.string()), program: z.string().includes('import') });
const SHAPE = { name: 'proposal', schema: Plan };

const both = Object.entries(ADAPTERS) as [Model['api'], (typeof ADAPTERS)['chat']][];
const ways: [string, Model['api'], typeof whole][] = both.flatMap(([api]) => [
  [`${api}, whole`, api, whole],
  [`${api}, streamed`, api, streaming],
]);

describe.each(ways)('%s', (_name, api, options) => {
  const withFault = async (kind: FaultKind): Promise<{ server: StubModel; model: Model }> => {
    const server = await started({ faults: { share: 1, kinds: [kind] } });
    return { server, model: ADAPTERS[api](server.url, KEY) };
  };

  it('gets text, tokens by kind and the id under which the server knows the call', async () => {
    const server = await started();
    const model = ADAPTERS[api](server.url);
    const prompt = `metric: rmse. ${'The same beginning. '.repeat(120)}`;
    const request = question(prompt, { reasoningEffort: 'low', temperature: 0.5 });
    const first = await model.complete(request, options);
    const second = await model.complete({ ...request, maxOutputTokens: 7_000 }, options);
    expect(first).toMatchObject({ model: 'stub-model', finish: 'stop', requestId: 'stub-1' });
    expect(first.text).toContain('```python\n"""');
    // "user: " and the prompt, four characters a token.
    expect(first.usage).toEqual({
      input: Math.ceil((prompt.length + 6) / 4),
      cachedInput: 0,
      output: Math.ceil(first.text.length / 4) + 64,
      reasoning: 64,
    });
    expect(second.usage?.cachedInput).toBe(Math.floor((prompt.length + 6) / 512) * 128);
    const [known] = server.ledger().calls;
    expect(known).toMatchObject({ requestId: 'stub-1', ...first.usage, delivered: true, stream: options !== whole });
  });

  it('asks for a schema and reads the reply', async () => {
    const server = await started();
    const result = await askStructured(ADAPTERS[api](server.url), question(), SHAPE, options);
    expect(result).toMatchObject({ kind: 'value', repaired: false });
    expect(server.ledger().calls).toHaveLength(1);
  });

  it('repairs in one turn what a server says that ignores schemas', async () => {
    const server = await started({ schema: 'ignore' });
    const result = await askStructured(ADAPTERS[api](server.url), question(), SHAPE, options);
    expect(result).toMatchObject({ kind: 'value', repaired: true });
    expect(server.ledger().totals.output).toBe(
      result.replies.reduce((sum, reply) => sum + (reply.usage?.output ?? Number.NaN), 0),
    );
  });

  it('spells the schema out where a server refuses it', async () => {
    const server = await started({ schema: 'refuse' });
    const result = await askStructured(ADAPTERS[api](server.url), question(), SHAPE, options);
    expect(result).toMatchObject({ kind: 'value', repaired: false });
    expect(server.ledger().calls.map(({ status, output }) => [status, output > 0])).toEqual([
      [400, false],
      [200, true],
    ]);
  });

  it('knows a reply that the limit cut short', async () => {
    const server = await started();
    const model = ADAPTERS[api](server.url);
    const reply = await model.complete(question(undefined, { maxOutputTokens: 20 }), options);
    expect(reply).toMatchObject({ finish: 'length', usage: { output: 20 } });
    const result = await askStructured(model, question(undefined, { maxOutputTokens: 20 }), SHAPE, options);
    expect(result).toMatchObject({ kind: 'truncated' });
    // No second turn is paid for that would be cut as well.
    expect(result.replies).toHaveLength(1);
  });

  const FAULTS = {
    'rate-limit': { fault: 'busy', status: 429, code: 'rate_limit_exceeded' },
    overloaded: { fault: 'busy', status: 503, retryAfterMs: 1000 },
    'server-error': { fault: 'away', status: 500 },
    'bad-gateway': { fault: 'away', status: 502 },
    'reset-before': { fault: 'away' },
    context: { fault: 'context', status: 400, code: 'context_length_exceeded' },
    'wrong-key': { fault: 'refused', status: 401, code: 'invalid_api_key' },
    'reset-after': { fault: 'away' },
    'cut-stream': { fault: 'away' },
    'cut-json': { fault: 'away' },
  } as const;
  it.each(Object.entries(FAULTS))('%s is told for what it is, asked once, and holds no key', async (kind, expected) => {
    const { server, model } = await withFault(kind as FaultKind);
    const error = await faultOf(model.complete(question(), options));
    const { fault, ...details } = expected as { fault: string };
    expect(error.fault).toBe(fault);
    expect(error.details).toMatchObject(details);
    expect(server.ledger().calls).toHaveLength(1);
    expect(server.ledger().calls[0]).toMatchObject({ fault: kind });
    // A reply that was made is paid, whether it arrives or not; a refusal is not.
    expect(server.ledger().totals.output > 0).toBe((DAMAGES as readonly string[]).includes(kind));
    const everything = `${error.stack} ${JSON.stringify(error)} ${String(error.cause)}`;
    expect(everything).not.toContain(KEY);
    expect(everything).not.toContain('<html>');
    expect(error.message.length).toBeLessThan(600);
  });

  it('reads how long to wait, whichever way it is said', async () => {
    const server = await started({ faults: { share: 1, kinds: ['rate-limit'] } });
    const model = ADAPTERS[api](server.url);
    const waits = new Set<number>();
    for (let k = 0; k < 12; k += 1) {
      const error = await faultOf(model.complete(question(`metric: rmse ${k}`), options));
      waits.add(Math.round((error.details.retryAfterMs ?? -1) / 100) * 100);
    }
    const dated = [...waits].filter((wait) => wait !== 2000 && wait !== 1500);
    expect([...waits]).toEqual(expect.arrayContaining([2000, 1500]));
    expect(dated.length).toBeGreaterThan(0);
    for (const wait of dated) expect(Math.abs(wait - 3500)).toBeLessThanOrEqual(600);
  });

  const CONTENT: Record<string, { reply: Partial<ModelReply>; structured: object; turns: number }> = {
    empty: { reply: { text: '', finish: 'stop' }, structured: { kind: 'unusable' }, turns: 2 },
    'wrong-shape': { reply: { finish: 'stop' }, structured: { kind: 'unusable' }, turns: 2 },
    'cut-text': { reply: { finish: 'length' }, structured: { kind: 'truncated' }, turns: 1 },
    refusal: {
      reply: { finish: 'content-filter', text: 'I cannot help with that.' },
      structured: { kind: 'refusal' },
      turns: 1,
    },
    slow: { reply: { finish: 'stop' }, structured: { kind: 'value', repaired: false }, turns: 1 },
  };
  it.each(Object.entries(CONTENT))('%s comes as a reply that is paid', async (kind, { reply, structured, turns }) => {
    const { server, model } = await withFault(kind as FaultKind);
    expect(await model.complete(question(), options)).toMatchObject(reply);
    const result = await askStructured(model, question(), SHAPE, options);
    expect(result).toMatchObject(structured);
    expect(result.replies).toHaveLength(turns);
    expect(server.ledger().totals.calls).toBe(1 + turns);
  });

  it('knows no fault that is not among these tests', () => {
    const tested = [...Object.keys(FAULTS), ...Object.keys(CONTENT)].sort();
    expect(tested).toEqual([...REFUSALS, ...DAMAGES].sort());
  });

  it('closes the connection when it is cancelled, before and within a reply', async () => {
    for (const p50 of [60_000, 3_000]) {
      const server = await started({ latencyMs: { p50, p95: p50 } });
      const controller = new AbortController();
      const reason = new Error('the run was cancelled');
      const running = ADAPTERS[api](server.url).complete(question(), { ...options, signal: controller.signal });
      setTimeout(() => controller.abort(reason), p50 === 3_000 ? 900 : 100);
      const begun = performance.now();
      await expect(running).rejects.toBe(reason);
      expect(performance.now() - begun).toBeLessThan(1_500);
      await until(() => server.ledger().calls.length === 1);
      // The server saw it: it had not finished, and it stopped long before it would have.
      expect(server.ledger().calls[0]).toMatchObject({ delivered: false });
      expect(server.ledger().calls[0]?.seconds).toBeLessThan(2);
    }
  });

  it('sends nothing when it is cancelled beforehand', async () => {
    const server = await started();
    const reason = new Error('too late');
    const signal = AbortSignal.abort(reason);
    await expect(ADAPTERS[api](server.url).complete(question(), { ...options, signal })).rejects.toBe(reason);
    expect(server.ledger().calls).toHaveLength(0);
  });
});

describe.each(both)('%s', (api, adapter) => {
  it('beats the heart while a reply streams in', async () => {
    const server = await started({ latencyMs: { p50: 400, p95: 400 } });
    const beats: number[] = [];
    const begun = performance.now();
    await adapter(server.url).complete(question(), {
      signal: never,
      onProgress: () => beats.push(performance.now() - begun),
    });
    expect(beats.length).toBeGreaterThan(6);
    expect(beats.at(-1)! - beats[0]!).toBeGreaterThan(150);
  });

  it('sends a key only where there is one', async () => {
    const seen: (string | undefined)[] = [];
    const url = await handWritten((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(500).end();
    });
    await faultOf(adapter(url).complete(question(), whole));
    await faultOf(adapter(url, KEY).complete(question(), whole));
    expect(seen).toEqual([undefined, `Bearer ${KEY}`]);
  });

  it('drops a parameter that a model does not take, and remembers it', async () => {
    const bodies: Record<string, unknown>[] = [];
    const url = await handWritten((request, response) => {
      let text = '';
      request.on('data', (part: Buffer) => {
        text += part.toString();
      });
      request.on('end', () => {
        const body: Record<string, unknown> = JSON.parse(text);
        bodies.push(body);
        const param = ['temperature', 'max_tokens'].find((name) => name in body);
        const message = `Unsupported parameter: '${param}' is not supported with this model.`;
        const error =
          param === undefined ? { message: 'That is all.' } : { message, param, code: 'unsupported_parameter' };
        response.writeHead(param === undefined ? 500 : 400, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ error }));
      });
    });
    const model = adapter(url);
    expect((await faultOf(model.complete(question(undefined, { temperature: 0.2 }), whole))).details.status).toBe(500);
    const first = bodies.length;
    expect(first).toBe(api === 'chat' ? 3 : 2);
    expect(bodies.at(-1)).toHaveProperty(api === 'chat' ? 'max_completion_tokens' : 'max_output_tokens', 8_000);
    await faultOf(model.complete(question(undefined, { temperature: 0.2 }), whole));
    expect(bodies).toHaveLength(first + 1);
  });

  it.each<[string, string, string]>([
    ['a page instead of JSON', 'text/html', '<html>Welcome to the proxy</html>'],
    ['JSON that is no reply', 'application/json', '{"choices": []}'],
    ['nothing', 'application/json', ''],
    ['an error with status 200', 'application/json', '{"error": {"message": "no worker", "code": 503}}'],
  ])('takes %s for no answer', async (_what, type, body) => {
    const url = await handWritten((_request, response) => {
      response.writeHead(200, { 'content-type': type }).end(body);
    });
    for (const options of [whole, streaming]) {
      const error = await faultOf(adapter(url).complete(question(), options));
      expect(['away', 'busy']).toContain(error.fault);
      expect(error.message).toContain(url);
    }
  });

  it('says who does not answer', async () => {
    const error = await faultOf(adapter('http://127.0.0.1:9/v1').complete(question(), whole));
    expect(error.fault).toBe('away');
    expect(error.message).toMatch(/127\.0\.0\.1:9.*(ECONNREFUSED|bad port)/);
  });

  it('never echoes a key, whatever a server says', async () => {
    const url = await handWritten((request, response) => {
      response.writeHead(403, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({ error: { message: `Denied: ${request.headers.authorization} and sk-other-1234567890` } }),
      );
    });
    const error = await faultOf(adapter(url, KEY).complete(question(), whole));
    expect(error).toMatchObject({ fault: 'refused', details: { status: 403 } });
    expect(`${error.stack} ${JSON.stringify(error)}`).not.toMatch(/4f9a2c|1234567890/);
  });
});

describe('the stub', () => {
  it('says the same for the same seed and something else for another', async () => {
    const texts: string[][] = [];
    for (const seed of [1, 1, 2]) {
      const server = await started({ seed });
      const replies = await Promise.all(
        [1, 2, 3, 4].map((k) => ADAPTERS.chat(server.url).complete(question(`Draft ${k}. metric: auc`), whole)),
      );
      texts.push(replies.map((reply) => reply.text));
    }
    expect(texts[0]).toEqual(texts[1]);
    expect(texts[0]).not.toEqual(texts[2]);
    expect(new Set(texts[0]).size).toBe(4);
  });

  it('makes the stated share of faults, and lets a repeated call through', async () => {
    const server = await started({ faults: { share: 0.3, kinds: ['server-error'] } });
    const model = ADAPTERS.chat(server.url);
    const tries = async (request: ModelRequest): Promise<number> => {
      for (let k = 1; ; k += 1) {
        const done = await model.complete(request, whole).then(
          () => true,
          () => false,
        );
        if (done) return k;
      }
    };
    for (let k = 0; k < 100; k += 1) await tries(question(`Draft ${k}`));
    const { calls } = server.ledger();
    const share = calls.filter((call) => call.fault).length / calls.length;
    // Standard error 0.039 around 0.3.
    expect(share).toBeGreaterThan(0.18);
    expect(share).toBeLessThan(0.42);
    expect(calls.filter((call) => call.delivered && call.status === 200)).toHaveLength(100);
  });

  it('counts as its callers count, to the token, and tells what was paid and never arrived', async () => {
    const kinds = [...REFUSALS, ...DAMAGES];
    const server = await started({ faults: { share: 0.4, kinds } });
    const got: ModelReply[] = [];
    let lost = 0;
    const ask = async (model: Model, request: ModelRequest): Promise<void> => {
      try {
        got.push(await model.complete(request, streaming));
      } catch (error) {
        if (!(error instanceof ModelError)) throw error;
        lost += 1;
        await ask(model, request);
      }
    };
    for (const [k, model] of [...Array(30).keys()].flatMap((k) =>
      both.map(([, adapter]) => [k, adapter(server.url)] as const),
    )) {
      await ask(model, question(`Draft ${k} ${model.api}`));
    }
    const { calls, totals } = server.ledger();
    const arrived = calls.filter((call) => call.delivered && call.output + call.input > 0);
    const sum = (rows: readonly { readonly input: number; readonly output: number }[]): number =>
      rows.reduce((total, row) => total + row.input + row.output, 0);
    expect(new Set(got.map((reply) => reply.requestId))).toEqual(new Set(arrived.map((call) => call.requestId)));
    expect(sum(got.map(({ usage }) => usage!))).toBe(sum(arrived));
    expect(calls).toHaveLength(got.length + lost);
    const broken = calls.filter((call) => ['reset-after', 'cut-stream', 'cut-json'].includes(call.fault ?? ''));
    expect(broken.length).toBeGreaterThan(2);
    expect(sum([totals])).toBe(sum(arrived) + sum(broken));
  });

  it('keeps its ledger as lines of JSON that say what GET /ledger says', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'automlgen-stub-'));
    closing.push(() => rm(folder, { recursive: true }));
    const ledgerPath = join(folder, 'calls.jsonl');
    const server = await started({ ledgerPath, faults: { share: 0.5, kinds: ['cut-json', 'overloaded'] } });
    for (let k = 0; k < 8; k += 1)
      await ADAPTERS.responses(server.url)
        .complete(question(`${k}`), whole)
        .catch(() => 0);
    const lines = (await readFile(ledgerPath, 'utf8')).trim().split('\n');
    const told: unknown = await (await fetch(new URL('/ledger', server.url))).json();
    expect(told).toMatchObject({ calls: lines.map((line): unknown => JSON.parse(line)) });
    expect(server.ledger().totals.calls).toBe(8);
  });

  it('refuses another model, another key, and a prompt beyond its context', async () => {
    const server = await started({ apiKey: KEY, contextTokens: 9_000 });
    const model = ADAPTERS.chat(server.url, KEY);
    const wrong = await faultOf(model.complete(question(undefined, { model: 'other' }), whole));
    expect(wrong).toMatchObject({ fault: 'refused', details: { status: 404, code: 'model_not_found' } });
    const long = await faultOf(model.complete(question('word '.repeat(1_000)), whole));
    expect(long).toMatchObject({ fault: 'context' });
    const stranger = await faultOf(ADAPTERS.chat(server.url, 'sk-else-999999').complete(question(), whole));
    expect(stranger).toMatchObject({ fault: 'refused', details: { status: 401 } });
    expect(await model.complete(question('word '.repeat(500)), whole)).toMatchObject({ finish: 'stop' });
  });
});

describe('doctor', () => {
  const doctor = (url: string, more: NodeJS.ProcessEnv = {}): ReturnType<typeof checkModel> =>
    checkModel({ OPENAI_BASE_URL: url, AUTOMLGEN_MODEL: 'stub-model', ...more });

  it('takes no model for a normal state', async () => {
    const [finding, ...rest] = await checkModel({ OPENAI_API_KEY: KEY });
    expect(finding).toMatchObject({ level: 'fine', found: expect.stringContaining('none configured') });
    expect(rest).toEqual([]);
  });

  it.each(both)('finds all well over %s', async (api) => {
    const server = await started();
    const findings = await doctor(server.url, { AUTOMLGEN_MODEL_API: api });
    expect(findings.map(({ level }) => level)).toEqual(['fine', 'fine', 'fine', 'fine']);
    expect(findings[0]?.found).toContain(`stub-model over ${api} at ${server.url}`);
    expect(server.ledger().totals).toMatchObject({ calls: 1 });
    expect(server.ledger().totals.input).toBeLessThan(100);
  });

  it('says when a schema is not enforced', async () => {
    const server = await started({ schema: 'ignore' });
    const findings = await doctor(server.url);
    expect(findings.find(({ found }) => found.includes('schema'))).toMatchObject({ level: 'warning' });
  });

  it('says what to do about a wrong model, a wrong key and a server that is away', async () => {
    const server = await started({ apiKey: KEY });
    const key = await doctor(server.url, { OPENAI_API_KEY: 'sk-else-999999' });
    expect(key).toMatchObject([
      { level: 'warning', found: expect.stringContaining('401'), fix: expect.stringContaining('KEY') },
    ]);
    expect(JSON.stringify(key)).not.toContain('999999');
    const away = await doctor('http://127.0.0.1:9/v1');
    expect(away).toMatchObject([{ level: 'warning', fix: expect.stringContaining('OPENAI_BASE_URL') }]);
    const unset = await checkModel({ AUTOMLGEN_MODEL: 'x' });
    expect(unset).toMatchObject([{ level: 'warning', fix: expect.stringContaining('OPENAI_BASE_URL') }]);
  });
});

async function until(done: () => boolean): Promise<void> {
  const end = performance.now() + 3_000;
  while (!done()) {
    if (performance.now() > end) throw new Error('waited three seconds');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
