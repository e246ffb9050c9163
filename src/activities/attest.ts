/** Proves, for one run, that its programs cannot read the answers: a program that tries is run as they are, in every view. */
import { randomBytes } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { CancelledFailure, cancellationDetails, cancellationSignal } from '@temporalio/activity';
import type { Attestation, AttestationReceipt } from '../domain/attestation.js';
import { type ExecutionId, nodeIdOf } from '../domain/ids.js';
import type { Outcome } from '../domain/outcome.js';
import type { PreparedTask } from '../domain/split.js';
import type { RunRecord } from '../store/runs.js';
import { attestationOf, ProbeReply } from './attest-judge.js';
import { missingOf, openServer, probeProgram, targetsOf, vitalOf } from './attest-targets.js';
import type { ExecutionActivities } from './contract.js';
import type { Dependencies } from './dependencies.js';
import { executionSpec } from './execution-spec.js';
import { requirePrepared } from './required.js';
import { hashView, type ViewHash } from './view-hash.js';

type Needs = Pick<Dependencies, 'store' | 'executor' | 'guarded'>;
type Run = RunRecord & { readonly prepared: PreparedTask };

const OUTPUT = 'attestation.json';
/** Hashing the input takes most of it. */
const RUN_SECONDS = 300;
/** An execution that infrastructure ended is tried again under another id. */
const TRIES = 3;
/** Longest list of what was reached that goes into a history. */
const MOST_READABLE = 20;

/** Asked again, it answers what it answered first. The probe belongs to the run and to none of its nodes; it charges nothing. */
export function createAttestRun(needs: Needs): ExecutionActivities['attestRun'] {
  return async ({ runId }) => {
    const { store } = needs;
    const run = await requirePrepared(store, runId);
    if (run.attestation) return run.attestation;
    const attestation = await attest(needs, run);
    const ref = await store.blobs.save(JSON.stringify(attestation));
    const receipt = receiptOf(attestation, ref);
    await store.runs.save({ runId, attestation: receipt });
    return receipt;
  };
}

function receiptOf({ sealed, attempts }: Attestation, ref: AttestationReceipt['ref']): AttestationReceipt {
  const reached = attempts.filter(({ vital, result }) => vital && result === 'reached').map(({ what }) => what);
  const readable = [...new Set(reached)].slice(0, MOST_READABLE);
  return { sealed, attempts: attempts.filter(({ result }) => result !== 'absent').length, readable, ref };
}

async function attest(needs: Needs, run: Run): Promise<Attestation> {
  const { store, executor, guarded } = needs;
  const { sandbox: level, network } = await executor.capabilities();
  const nonce = randomBytes(8).toString('hex');
  const { server, port } = await openServer();
  try {
    const source = await readFile(guarded.probe, 'utf8');
    // The store names a blob by its bytes: that of the bare source is as good a target as any.
    const program = store.blobs.pathOf(await store.blobs.save(source));
    const targets = targetsOf(run, guarded, { program, port });
    const views = await hashesOf(run.prepared.views);
    const text = probeProgram(source, targets, { level, nonce });
    const [missing, ended] = await Promise.all([missingOf(targets), runProbe(needs, run, text)]);
    return attestationOf({
      runId: run.runId,
      executionId: ended.id,
      at: new Date().toISOString(),
      level,
      network,
      views,
      replies: await repliesOf(needs, ended.outcome),
      vital: vitalOf(targets),
      missing,
      ...(ended.outcome.kind !== 'finished' && { trouble: ended.outcome.message }),
    });
  } finally {
    server.close();
    await clearShared(nonce);
  }
}

function nameOf(attempt: number): string {
  return attempt === 1 ? 'probe' : `probe-${attempt}`;
}

async function hashesOf(folders: PreparedTask['views']): Promise<Readonly<Record<string, ViewHash>>> {
  const hashes: [string, ViewHash][] = [];
  for (const [name, folder] of Object.entries(folders)) hashes.push([name, await hashView(folder)]);
  return Object.fromEntries(hashes);
}

interface Ended {
  readonly id: ExecutionId;
  readonly outcome: Outcome;
}

async function runProbe(needs: Needs, run: Run, text: string): Promise<Ended> {
  const programRef = await needs.store.blobs.save(text);
  for (let attempt = 1; ; attempt += 1) {
    const ended = await runOnce(needs, run, programRef, nameOf(attempt));
    if (ended.outcome.kind !== 'infrastructure' || attempt === TRIES) return ended;
  }
}

async function runOnce({ store, executor }: Needs, run: Run, programRef: string, attempt: string): Promise<Ended> {
  const { runId } = run;
  const nodeId = nodeIdOf(1);
  const views = Object.keys(run.prepared.views);
  const input = { runId, nodeId, programRef, attempt, views, runSeconds: RUN_SECONDS };
  const spec = executionSpec(input, run, [OUTPUT]);
  const signal = cancellationSignal();
  const cost = { seconds: 0, gpuSeconds: 0, usd: 0, tokens: 0, executions: 0 };
  // Written ahead, so that the janitor can tell whose an execution is.
  await store.ledger.record({ runId, callId: spec.id, nodeId, kind: 'execution', cost, at: new Date() });
  try {
    const outcome = await executor.wait(await executor.submit(spec, { signal }), { signal });
    await executor.release(spec.id);
    return { id: spec.id, outcome };
  } catch (error) {
    if (!signal.aborted) throw error;
    if (cancellationDetails()?.cancelRequested) await executor.cancel(spec.id, 'cancelled by the run');
    throw new CancelledFailure(`Probe ${spec.id} of ${runId}`);
  }
}

async function repliesOf({ store }: Needs, { files }: Outcome): Promise<Readonly<Record<string, ProbeReply>>> {
  const written = files.filter(({ name }) => name === OUTPUT);
  const replies = await Promise.all(
    written.map(async ({ view, blob }) => [view, ProbeReply.safeParse(await store.blobs.readJson(blob))] as const),
  );
  return Object.fromEntries(replies.flatMap(([view, reply]) => (reply.success ? [[view, reply.data]] : [])));
}

/** Where no sandbox gave the probe folders of its own, it has left its marks in the machine's. */
async function clearShared(nonce: string): Promise<void> {
  const folders = ['/tmp', '/var/tmp', '/dev/shm', '/run'];
  await Promise.all(
    folders.map((folder) => rm(`${folder}/left-behind-${nonce}`, { force: true }).catch(() => undefined)),
  );
}
