/** `automlgen stub-model`: a model server that needs no model, to try out, test and measure everything around one. */
import { writeFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { UserError } from '../domain/errors.js';
import type { FaultKind, StubOptions } from '../stub-model/options.js';
import { durationMs } from './duration.js';
import { progress } from './output.js';
import { whole } from './whole.js';

interface RawOptions {
  readonly host: string;
  readonly port: string;
  readonly seed: string;
  readonly latency: string;
  readonly faults: string;
  readonly faultKinds?: string;
  readonly schema: string;
  readonly buggy: string;
  readonly clumsy: string;
  readonly strict: string;
  readonly hostile: string;
  readonly context: string;
  readonly requireKey?: string;
  readonly ledger?: string;
  readonly readyFile?: string;
}

/** What people try first: `wrong-key` would end a run at once, so it is left to those who ask for it. */
const NOT_BY_DEFAULT: readonly FaultKind[] = ['wrong-key'];

export function registerStubModel(program: Command): void {
  program
    .command('stub-model')
    .description(
      'Serve an OpenAI-compatible API with canned programs: seeded, with latency and faults; no model, no cost.',
    )
    .option('--port <n>', 'port; 0 takes a free one', '8093')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--seed <n>', 'seed of answers, latencies and faults', '1')
    .option('--latency <p50,p95>', 'median and 95th percentile of a call, like 2s,8s; a bare number is minutes', '0')
    .option('--faults <share>', 'share of the calls that go wrong', '0')
    .option('--fault-kinds <names>', 'comma-separated; docs/models.md lists them (default: all but wrong-key)')
    .option('--schema <mode>', 'honour, ignore or refuse a schema in the request', 'honour')
    .option('--buggy <share>', 'share of the programs that crash until they are debugged', '0.15')
    .option('--clumsy <share>', 'share of the edits that do not fit at first', '0.1')
    .option('--strict <share>', 'share of the programs that a review objects to', '0.1')
    .option('--hostile <share>', 'share of the replies that are attacks; for drills', '0')
    .option('--context <tokens>', 'longest prompt and reply together', '131072')
    .option('--require-key <key>', 'answer calls with another key with 401')
    .addOption(new Option('--ready-file <file>', 'receives the address as soon as it listens').hideHelp())
    .option('--ledger <file>', 'append every call as a line of JSON; also at GET /ledger')
    .addHelpText('after', '\nExample:\n  automlgen stub-model --latency 2s,8s --faults 0.1 --ledger calls.jsonl')
    .action(stubModelCommand);
}

async function stubModelCommand(raw: RawOptions): Promise<void> {
  const { FAULT_KINDS, MODEL_NAME } = await import('../stub-model/options.js');
  const { startStubModel } = await import('../stub-model/server.js');
  const options = stubOptions(raw, FAULT_KINDS);
  const stub = await startStubModel(options).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') throw error;
    throw new UserError('port-taken', `Port ${raw.port} is in use.`, 'Give another with --port, or 0 for any.');
  });
  if (raw.readyFile !== undefined) writeFileSync(raw.readyFile, stub.url);
  console.log(`export OPENAI_BASE_URL=${stub.url}`);
  console.log(`export OPENAI_API_KEY=${options.apiKey ?? 'none'}`);
  console.log(`export AUTOMLGEN_MODEL=${MODEL_NAME}`);
  progress(`Listening at ${stub.url}; ${new URL('/ledger', stub.url)} tells every call. Ctrl-C stops it.`);
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  await stub.close();
  const { totals } = stub.ledger();
  progress(`${totals.calls} calls, ${totals.input} tokens in (${totals.cachedInput} cached), ${totals.output} out.`);
}

function stubOptions(raw: RawOptions, kinds: readonly FaultKind[]): StubOptions {
  const { schema } = raw;
  if (schema !== 'honour' && schema !== 'ignore' && schema !== 'refuse') {
    throw invalid(`--schema ${schema} is not known.`, 'Choose from honour, ignore, refuse.');
  }
  return {
    host: raw.host,
    port: whole(raw.port, '--port', 0),
    seed: whole(raw.seed, '--seed', 0),
    latencyMs: latency(raw.latency),
    faults: { share: share(raw.faults, '--faults'), kinds: chosenKinds(raw.faultKinds, kinds) },
    schema,
    buggy: share(raw.buggy, '--buggy'),
    clumsy: share(raw.clumsy, '--clumsy'),
    strict: share(raw.strict, '--strict'),
    hostile: share(raw.hostile, '--hostile'),
    contextTokens: whole(raw.context, '--context', 1),
    ...(raw.requireKey !== undefined && { apiKey: raw.requireKey }),
    ...(raw.ledger !== undefined && { ledgerPath: raw.ledger }),
  };
}

function latency(text: string): StubOptions['latencyMs'] {
  if (text === '0') return { p50: 0, p95: 0 };
  const [median = '', high = median] = text.split(',');
  const [p50, p95] = [durationMs(median, '--latency'), durationMs(high, '--latency')];
  if (p95 >= p50) return { p50, p95 };
  throw invalid(`--latency ${text} has a median above its 95th percentile.`, 'Write it like --latency 2s,8s.');
}

function share(text: string, option: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && value <= 1) return value;
  throw invalid(`${option} ${text} is no share.`, `Give a number from 0 to 1, for example ${option} 0.1.`);
}

function chosenKinds(text: string | undefined, kinds: readonly FaultKind[]): readonly FaultKind[] {
  if (text === undefined) return kinds.filter((kind) => !NOT_BY_DEFAULT.includes(kind));
  return text.split(',').map((name) => {
    const kind = kinds.find((known) => known === name.trim());
    if (kind !== undefined) return kind;
    throw invalid(`--fault-kinds names ${name}, which is no fault.`, `Choose from ${kinds.join(', ')}.`);
  });
}

function invalid(message: string, next: string): UserError {
  return new UserError('option-invalid', message, next);
}
