/** One program's Job as people want to see it: where it is, since when, and what it waits for. Pure: objects of the API in, facts out. */
import { LABELS } from '../execution/kubernetes/names.js';
import {
  type Condition,
  conditionOf,
  containerOf,
  FETCH,
  isOver,
  type Job,
  MAIN,
  type Pod,
} from '../execution/kubernetes/objects.js';

export type JobState = 'held' | 'refused' | 'waiting' | 'starting' | 'running' | 'ending' | 'finished' | 'failed';

export interface JobView {
  readonly job: string;
  readonly run: string;
  readonly node: string;
  readonly class: string;
  readonly state: JobState;
  /** Since when it is in this state; absent when the cluster does not say. */
  readonly since?: Date;
  /** The machine; absent before there is one. */
  readonly machine?: string;
  /** Why it does not run, or how it ended, in the cluster's own words. */
  readonly why?: string;
}

/** A happening of the cluster, as far as it is read here. */
export interface ClusterEvent {
  readonly involvedObject: { readonly kind?: string; readonly name?: string };
  readonly reason?: string;
  readonly message?: string;
  readonly lastTimestamp?: string | null;
  readonly eventTime?: string | null;
}

/** `pod` is the Job's only one; `events` those of the Job and of the pod. */
export function jobView(job: Job, pod: Pod | undefined, events: readonly ClusterEvent[]): JobView {
  const labels = job.metadata.labels ?? {};
  const machine = pod?.spec?.nodeName;
  return {
    job: job.metadata.name,
    run: labels[LABELS.run] ?? '',
    node: labels[LABELS.node] ?? '',
    class: labels[LABELS.class] ?? '',
    ...(machine !== undefined && { machine }),
    ...stateOf(job, pod, events),
  };
}

type State = Pick<JobView, 'state' | 'since' | 'why'>;

function stateOf(job: Job, pod: Pod | undefined, events: readonly ClusterEvent[]): State {
  const created = job.metadata.creationTimestamp;
  const complete = conditionOf(job, 'Complete') ?? conditionOf(job, 'SuccessCriteriaMet');
  if (complete) return state('finished', complete.lastTransitionTime);
  const failed = conditionOf(job, 'Failed') ?? conditionOf(job, 'FailureTarget');
  if (failed) return state('failed', failed.lastTransitionTime, causeOf(pod, failed));
  if (job.metadata.deletionTimestamp) return state('ending', job.metadata.deletionTimestamp);
  const held = conditionOf(job, 'Suspended');
  if (job.spec?.suspend)
    return state('held', held?.lastTransitionTime ?? created, 'suspended: a queue has to admit it');
  if (!pod) return withoutPod(created, events);
  if (pod.metadata.deletionTimestamp) return state('ending', pod.metadata.deletionTimestamp);
  return ofPod(pod, events);
}

/** No pod although the Job may start: the cluster refuses to make one, and only an event says so. */
function withoutPod(created: string | undefined, events: readonly ClusterEvent[]): State {
  const refusal = latest(events, 'FailedCreate');
  return refusal ? state('refused', created, refusal.message) : state('waiting', created, 'no pod has been made yet');
}

function ofPod(pod: Pod, events: readonly ClusterEvent[]): State {
  const created = pod.metadata.creationTimestamp;
  if (isOver(pod)) return state('ending', undefined, 'the program has ended; results are collected');
  const unplaced = pod.status?.conditions?.find(({ type, status }) => type === 'PodScheduled' && status === 'False');
  if (unplaced) return state('waiting', created, `${unplaced.reason ?? 'unscheduled'}: ${unplaced.message ?? ''}`);
  const main = containerOf(pod, MAIN)?.state;
  if (main?.running) return state('running', main.running.startedAt);
  if (main?.terminated) return state('ending', main.terminated.finishedAt, 'results are collected');
  const placed = pod.status?.conditions?.find(({ type, status }) => type === 'PodScheduled' && status === 'True');
  return state(
    pod.spec?.nodeName === undefined ? 'waiting' : 'starting',
    placed?.lastTransitionTime ?? created,
    waitOf(pod, events),
  );
}

/** What a placed pod waits for: a helper's fault before the main container's, a mount or an image before "ContainerCreating". */
function waitOf(pod: Pod, events: readonly ClusterEvent[]): string | undefined {
  if (containerOf(pod, FETCH)?.state?.running) return 'fetching its data';
  const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
  const waits = statuses.flatMap(({ state: now }) => (now?.waiting?.reason === undefined ? [] : [now.waiting]));
  const trouble = waits.find(({ reason }) => reason !== 'PodInitializing' && reason !== 'ContainerCreating');
  if (trouble) return [trouble.reason, trouble.message].filter(Boolean).join(': ');
  const mount = latest(events, 'FailedMount') ?? latest(events, 'FailedCreatePodSandBox');
  if (mount) return `${mount.reason}: ${mount.message ?? ''}`;
  return latest(events, 'Pulling')?.message ?? waits[0]?.reason;
}

function causeOf(pod: Pod | undefined, failed: Condition): string {
  const main = containerOf(pod, MAIN)?.state?.terminated;
  const own = pod?.status?.reason ?? (main && `${main.reason ?? 'ended'}, exit code ${main.exitCode}`);
  return [own, failed.reason].filter(Boolean).join('; ');
}

function latest(events: readonly ClusterEvent[], reason: string): ClusterEvent | undefined {
  const at = (event: ClusterEvent): number => Date.parse(event.lastTimestamp ?? event.eventTime ?? '') || 0;
  return events.filter((event) => event.reason === reason).sort((one, other) => at(other) - at(one))[0];
}

function state(name: JobState, since: string | undefined, why?: string): State {
  return { state: name, ...(since !== undefined && { since: new Date(since) }), ...(why !== undefined && { why }) };
}
