/** Waits for the end of an execution from any process, and brings its files into the blob store. */
import { stat } from 'node:fs/promises';
import type { Outcome, OutputFile } from '../../domain/outcome.js';
import { phaseOf } from './classifier.js';
import type { Evidence, Phase, Verdict } from './evidence.js';
import { type KeptLog, keepLog } from './kept-log.js';
import { type LogSource, tailOfLog } from './logs.js';
import type { Seen } from './mirror-store.js';
import { containerOf, MAIN, type Warning } from './objects.js';
import { outcomeOfExecution } from './outcome.js';
import { ownOnly } from './ownership.js';
import type { Part } from './parts.js';
import type { Place } from './place.js';
import { type Report, terminationMessageOf } from './report.js';
import { ensureConfigMap, ensureJob, type WaitOptions } from './submit.js';

/** Changes wake us; records of other replicas and time limits are looked at this often. */
const LOOK_EVERY_MS = 1000;
const REPORT_EVERY_MS = 1000;
/** A pod appears sooner than this after its Job. */
const NO_POD_MS = 1000;
const WARNINGS_EVERY_MS = 5000;
/** A pod that does not start in this time may miss its ConfigMap. */
const REPAIR_EVERY_MS = 15_000;
const LOG_LINES = 200;
/** A report may be on its way when the end of the pod is seen. */
const REPORT_GRACE_MS = 3000;

export async function untilEnded(place: Place, spec: Part, waiting: WaitOptions = {}): Promise<Outcome> {
  const follower = followerOf(place, spec, waiting);
  try {
    return await follower.outcome();
  } finally {
    follower.close();
  }
}

interface Follower {
  outcome(): Promise<Outcome>;
  close(): void;
}

function followerOf(place: Place, spec: Part, { signal, onProgress }: WaitOptions): Follower {
  const { records, mirror, settings } = place;
  const { job } = spec;
  const began = Date.now();
  const due = timers();
  let warnings: readonly Warning[] = [];
  let log: KeptLog | undefined;

  async function evidence(): Promise<Evidence> {
    const uid = await records.uid(job);
    if (uid !== undefined && mirror.of(job).job?.metadata.uid !== uid) await lookFor(uid);
    const seen = ownOnly(mirror.of(job), uid);
    const reason = await records.cancelled(job);
    if (!seen.pod && seen.job && due('warnings', WARNINGS_EVERY_MS, NO_POD_MS))
      warnings = await place.cluster.warningsOf(job);
    return {
      ...seen,
      ...(reason !== undefined && { cancelled: reason }),
      reported: (await records.report(job)) !== undefined,
      warnings,
    };
  }

  /** Another process may have made it a moment ago, and the mirror not have heard of it: that is not a Job that is gone. */
  async function lookFor(uid: string): Promise<void> {
    const found = await place.cluster.findJob(job);
    if (found?.metadata.uid === uid) mirror.learn(found);
  }

  async function attend(phase: Exclude<Phase, { state: 'ended' }>, seen: Seen): Promise<void> {
    if (phase.state === 'running') log ??= keepLog(place.gateway, sourceOf(place, seen));
    if (phase.state === 'starting' && seen.job && due('repair', REPAIR_EVERY_MS))
      await ensureConfigMap(place, spec, seen.job);
    if (onProgress && due('report', REPORT_EVERY_MS)) {
      const running = phase.state === 'running';
      const started = containerOf(seen.pod, MAIN)?.state?.running?.startedAt;
      const since = running && started !== undefined ? Date.parse(started) : began;
      onProgress({ phase: running ? 'running' : 'queued', seconds: Math.max(0, (Date.now() - since) / 1000) });
    }
  }

  return {
    async outcome() {
      for (;;) {
        signal?.throwIfAborted();
        // What the cluster refuses to show would be waited for without end.
        await mirror.ready();
        const ended = await records.outcome(job);
        if (ended) return ended;
        const now = await evidence();
        if (!now.job && !now.pod && !now.jobGone && now.cancelled === undefined) {
          // Recorded and never made: whoever asked for it was stopped while it stood in line.
          await ensureJob(place, spec, { ...(signal && { signal }), ...(onProgress && { onProgress }) });
          continue;
        }
        const phase = phaseOf(now, settings, Date.now());
        if (phase.state === 'ended') return records.end(job, await settle(place, spec, phase.verdict, now, log));
        await attend(phase, now);
        await mirror.changed(job, LOOK_EVERY_MS, signal);
      }
    },
    close: () => log?.stop(),
  };
}

async function settle(
  place: Place,
  spec: Part,
  verdict: Verdict,
  { pod }: Evidence,
  log: KeptLog | undefined,
): Promise<Outcome> {
  const report = await reportOf(place, spec, verdict, pod);
  const { files, lost } = await filesIn(place, spec, report);
  const status = report?.status ?? undefined;
  const needsLog = !status && verdict.kind !== 'cancelled' && pod !== undefined;
  const text = needsLog ? await logOf(place, { pod, podGone: false, jobGone: false }, log) : '';
  return outcomeOfExecution({ spec, verdict, status, files, lost, pod, log: text });
}

/** The uploaded report, or what its termination message repeats. */
async function reportOf(
  { records }: Place,
  { job }: Part,
  verdict: Verdict,
  pod: Evidence['pod'],
): Promise<Report | undefined> {
  const message = terminationMessageOf(pod);
  const patience = verdict.kind === 'exited' && message?.uploaded !== false ? REPORT_GRACE_MS : 0;
  const deadline = Date.now() + patience;
  for (;;) {
    const report = await records.report(job);
    if (report) return report;
    if (Date.now() >= deadline) return message;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Saving a file twice gives the same blob, so any number of callers may do this. */
async function filesIn(
  { records, blobs }: Place,
  spec: Part,
  report: Report | undefined,
): Promise<{ readonly files: readonly OutputFile[]; readonly lost: boolean }> {
  const views = new Set(spec.views.map(({ name }) => name));
  const files: OutputFile[] = [];
  let lost = false;
  for (const [view, name, bytes, hash] of report?.files ?? []) {
    if (!views.has(view) || !spec.outputs.includes(name)) continue;
    const path = records.output(spec.job, view, name);
    const there = await stat(path).catch(() => undefined);
    const saved = there?.size === bytes ? await blobs.saveFile(path) : undefined;
    if (saved?.id === hash) files.push({ view, name, blob: saved.id, bytes });
    else lost = true;
  }
  return { files, lost };
}

async function logOf(place: Place, seen: Seen, log: KeptLog | undefined): Promise<string> {
  const kept = log?.text() ?? '';
  if (kept !== '' || !seen.pod) return kept;
  const lines = await tailOfLog(place.gateway, sourceOf(place, seen), LOG_LINES);
  return lines.map(({ text }) => `${text}\n`).join('');
}

function sourceOf({ settings }: Place, { pod }: Seen): LogSource {
  return { namespace: settings.namespace, pod: pod?.metadata.name ?? '', container: MAIN };
}

/** Says whether something that is to be done every so often is due, and counts from then. */
function timers(): (name: string, everyMs: number, firstMs?: number) => boolean {
  const last = new Map<string, number>();
  const start = Date.now();
  return (name, everyMs, firstMs = everyMs) => {
    const before = last.get(name);
    if (Date.now() - (before ?? start) < (before === undefined ? firstMs : everyMs)) return false;
    last.set(name, Date.now());
    return true;
  };
}
