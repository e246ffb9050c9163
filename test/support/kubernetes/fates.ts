/** What may happen to a pod. Each fate writes what a real kubelet was seen to write. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Status } from '../../../src/execution/local/status.js';
import { deliver, statusOf, untilMounted } from './fake-collector.js';
import type { Fate, Life } from './fake-kubelet.js';
import { ended, started, starting, terminated, waiting } from './fake-pod.js';

export interface Exit {
  readonly code?: number;
  /** Reason of the container: `OOMKilled`. */
  readonly reason?: string;
  /** Null: the supervisor was killed with its container. Absent: of a program that did its work. */
  readonly status?: Status | null;
  readonly outputs?: Readonly<Record<string, string>>;
  readonly log?: readonly string[];
  /** How long the program runs. */
  readonly ms?: number;
  /** The worker cannot be reached. */
  readonly silent?: boolean;
}

const SUBMISSION = 'id,y\n1,0\n';

/** Runs for a while and ends by itself; cut short when the pod is to go. */
export function exits(exit: Exit = {}): Fate {
  return async (life) => {
    const { pod, gone } = life;
    await life.report(starting(pod));
    await untilMounted(
      life.gateway,
      pod.metadata.namespace ?? '',
      pod.metadata.labels?.['automlgen.dev/job'] ?? '',
      gone,
    );
    await life.report(started(pod));
    const startedAt = new Date().toISOString();
    for (const line of exit.log ?? []) life.logs.write(pod.metadata.name, line);
    const cut = await sleep(exit.ms ?? 20, false, { signal: gone }).catch(() => true);
    if (cut) return cutShort(life);
    const status = exit.status === undefined ? statusOf() : exit.status;
    const outputs =
      exit.outputs ?? (status?.views.some((view) => view.failed) || !status ? {} : { 'submission.csv': SUBMISSION });
    const message = exit.silent ? undefined : await delivered(life, status, outputs);
    const state = terminated(exit.code ?? 0, { startedAt, ...(exit.reason !== undefined && { reason: exit.reason }) });
    await life.report(ended(pod, { main: state, ...(message !== undefined && { message }) }));
  };
}

function delivered(life: Life, status: Status | null, outputs: Readonly<Record<string, string>>): Promise<string> {
  const { namespace = '', labels } = life.pod.metadata;
  return deliver(life.gateway, namespace, labels?.['automlgen.dev/job'] ?? '', { status, outputs });
}

/** The order to end reached the supervisor: it says so, and the collector takes it to the worker. */
async function cutShort(life: Life): Promise<void> {
  const status = statusOf(
    { cancelled: 'the supervisor was asked to end', milestones: 1 },
    { verdict: 'cancelled', exitCode: null, failed: true, outputs: [] },
  );
  const message = await delivered(life, status, {}).catch(() => '');
  await life.report(ended(life.pod, { main: terminated(143), message }));
}

export const hangs: Fate = async (life) => {
  await life.report(starting(life.pod));
  await life.report(started(life.pod));
  await untilGone(life);
  await cutShort(life);
};

/** The kubelet ended the pod as a whole, and says why. */
export function podFails(reason: string, text: string, code = 137): Fate {
  return async (life) => {
    await life.report(starting(life.pod));
    await life.report(started(life.pod));
    await life.report(ended(life.pod, { main: terminated(code), phase: 'Failed', reason, text }));
  };
}

/** The node did not take the pod that the scheduler gave it. */
export function nodeRefuses(reason: string, text: string): Fate {
  return (life) => life.report({ phase: 'Failed', reason, message: text, startTime: new Date().toISOString() });
}

export function imageMissing(reason = 'ErrImagePull'): Fate {
  return async (life) => {
    const state = waiting(reason, 'rpc error: code = NotFound desc = failed to pull and unpack image');
    await life.report(starting(life.pod, state, state));
    await untilGone(life);
  };
}

export const dataMissing: Fate = async (life) => {
  const failed = terminated(1);
  await life.report({ ...starting(life.pod, waiting('PodInitializing'), failed), phase: 'Failed' });
};

/** A condition that the cluster gives to a pod that it takes away. */
export function disrupted(reason: string): Fate {
  return async (life) => {
    await life.report(starting(life.pod));
    await life.report(started(life.pod));
    const condition = {
      type: 'DisruptionTarget',
      status: 'True',
      reason,
      message: `fake: ${reason}`,
      lastTransitionTime: new Date().toISOString(),
    };
    const end = ended(life.pod, { main: terminated(143), phase: 'Failed' });
    await life.report({ ...end, conditions: [...(end.conditions as unknown[]), condition] });
  };
}

function untilGone({ gone }: Life): Promise<void> {
  if (gone.aborted) return Promise.resolve();
  return new Promise((resolve) => gone.addEventListener('abort', () => resolve(), { once: true }));
}
