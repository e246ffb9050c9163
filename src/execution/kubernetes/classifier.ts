/** From the objects of the cluster to the end of an execution. Pure; the first rule that fits decides. */
import { type Evidence, infrastructure, type Patience, type Phase, type Verdict } from './evidence.js';
import { COLLECTOR, conditionOf, containerOf, FETCH, isOver, type Job, MAIN, type Pod } from './objects.js';

/** A pod appears within a second of its Job; later than this, something refuses it. */
const NO_POD_SECONDS = 60;

export function phaseOf(evidence: Evidence, patience: Patience, now: number): Phase {
  const verdict = verdictOf(evidence, patience, now);
  if (verdict) return { state: 'ended', verdict };
  return waitingPhase(evidence);
}

function verdictOf(evidence: Evidence, patience: Patience, now: number): Verdict | undefined {
  const { cancelled, job, pod, podGone } = evidence;
  if (cancelled !== undefined) return { kind: 'cancelled', message: `Cancelled: ${cancelled}.` };
  // Once the results are here, the end of the collector need not be waited for.
  const delivered = evidence.reported && containerOf(pod, MAIN)?.state?.terminated !== undefined;
  const over = pod !== undefined && (isOver(pod) || podGone || delivered);
  return (
    ofPodReason(pod) ??
    (over || jobEnded(job) ? ofDisruption(evidence) : undefined) ??
    (over ? ofExit(pod, evidence) : undefined) ??
    ofWaiting(pod, patience, now) ??
    ofQueue(evidence, patience, now) ??
    ofSilence(pod, patience, now) ??
    ofJob(evidence)
  );
}

/** What the kubelet says about the pod as a whole. */
function ofPodReason(pod: Pod | undefined): Verdict | undefined {
  const { reason, message = '' } = pod?.status ?? {};
  switch (reason) {
    case 'DeadlineExceeded':
      return ofDeadline(pod);
    case 'Evicted':
      return ofEviction(message);
    case 'NodeLost':
      return infrastructure('node-lost', `The node of the pod was lost: ${message}`);
    case 'Shutdown':
    case 'Terminated':
      return infrastructure('node-shutdown', `The node was shut down: ${message}`);
    case 'UnexpectedAdmissionError':
    case 'NodeAffinity':
      return infrastructure('rejected-by-node', `The node refused the pod (${reason}): ${message}`);
    case 'Preempting':
      return infrastructure('preempted', `The node made room for a more important pod: ${message}`);
    default:
      if (reason?.startsWith('OutOf'))
        return infrastructure('rejected-by-node', `The node refused the pod (${reason}): ${message}`);
      return undefined;
  }
}

/** The pod's own deadline covers pull, data and program; it is the program's fault only when that had begun. */
function ofDeadline(pod: Pod | undefined): Verdict {
  const main = containerOf(pod, MAIN)?.state;
  if (main?.running || main?.terminated?.startedAt !== undefined)
    return { kind: 'timeout', message: 'The program was still running at the deadline of its pod.' };
  const image = main?.waiting?.reason;
  if (image !== undefined && IMAGE.has(image))
    return infrastructure('image', `The image could not be had before the deadline of the pod (${image}).`);
  return infrastructure('start-timeout', 'The pod did not come to its program before its deadline.');
}

/** Its own limits are the program's fault, the node's pressure is not. */
function ofEviction(message: string): Verdict {
  if (/exceeds the (total )?limit|exceeded its local ephemeral storage limit/.test(message))
    return { kind: 'disk', message: `The program wrote too much: ${firstSentence(message)}` };
  return infrastructure('evicted', `The pod was evicted: ${firstSentence(message)}`);
}

const DISRUPTIONS: Readonly<Record<string, readonly [Parameters<typeof infrastructure>[0], string]>> = {
  PreemptionByScheduler: ['preempted', 'The pod made room for a more important one.'],
  EvictionByEvictionAPI: ['drained', 'The pod was evicted through the API, as when a node is drained.'],
  DeletionByTaintManager: ['node-lost', 'The node was tainted, as when it does not answer, and its pods were deleted.'],
  DeletionByPodGC: ['node-lost', 'The node is gone, and the pod was cleared away.'],
  TerminationByKubelet: ['evicted', 'The kubelet ended the pod for the sake of its node.'],
};

function ofDisruption({ job, pod }: Evidence): Verdict | undefined {
  const disrupted = conditionOf(pod, 'DisruptionTarget');
  if (disrupted) {
    const [cause, text] = DISRUPTIONS[disrupted.reason ?? ''] ?? ['disrupted', `Disrupted: ${disrupted.reason}.`];
    return infrastructure(cause, disrupted.message ? `${text} ${firstSentence(disrupted.message)}` : text);
  }
  const failed = failureOf(job);
  if (failed?.reason === 'PodFailurePolicy' && failed.message?.includes('DisruptionTarget'))
    return infrastructure('disrupted', 'The pod was taken away by the cluster, and nothing says why.');
  return undefined;
}

function ofExit(pod: Pod, evidence: Evidence): Verdict | undefined {
  const { podGone } = evidence;
  const main = containerOf(pod, MAIN)?.state?.terminated;
  if (main?.reason === 'OOMKilled')
    return { kind: 'memory', message: 'The kernel ended the program: its container reached its memory limit.' };
  const fetch = containerOf(pod, FETCH)?.state?.terminated;
  if (fetch && fetch.exitCode !== 0)
    return infrastructure('data', `The data did not arrive in the pod (exit code ${fetch.exitCode}).`);
  if (!main) return podGone ? ofDeletion(evidence, 'The pod was deleted before its program ended.') : ofNothing(pod);
  const broken = brokenImage(evidence);
  if (broken && main && main.exitCode !== 0) return broken;
  // Nobody but the kernel or the kubelet ends a container from outside, and its report would say why.
  const killed = main.exitCode === 137 || main.exitCode === 143 || main.reason === 'ContainerStatusUnknown';
  if (killed && (podGone || pod.metadata.deletionTimestamp !== undefined))
    return ofDeletion(evidence, 'The pod was deleted while its program ran.');
  if (killed && main.exitCode === 137)
    return infrastructure(
      'killed',
      `The container was killed, and nothing says why (${main.reason ?? 'exit code 137'}).`,
    );
  return { kind: 'exited', exitCode: main.exitCode };
}

/** Who deletes the pod of a Job is usually its controller, and the Job says why. */
function ofDeletion({ job }: Evidence, message: string): Verdict {
  return ofJobItself(job) ?? infrastructure('pod-deleted', message);
}

function ofJobItself(job: Job | undefined): Verdict | undefined {
  if (conditionOf(job, 'Suspended'))
    return infrastructure('preempted', 'The queue took the place of the Job away while it ran.');
  if (failureOf(job)?.reason === 'DeadlineExceeded')
    return infrastructure('job-deadline', 'The Job reached its own deadline, which is later than that of its program.');
  return undefined;
}

/** The collector is made of the same image: where it cannot run, the supervisor could not either, and no program was at fault. */
function brokenImage({ pod, reported }: Evidence): Verdict | undefined {
  const collector = containerOf(pod, COLLECTOR);
  const { terminated, waiting } = collector?.state ?? {};
  const failed = terminated !== undefined && ![0, 137, 143].includes(terminated.exitCode);
  if (reported || !(failed || waiting?.reason === 'CrashLoopBackOff')) return undefined;
  return infrastructure(
    'image',
    'The collector cannot run in this image: it needs Python and automlgen_runtime where the settings say.',
  );
}

function ofNothing(pod: Pod): Verdict {
  const collector = containerOf(pod, COLLECTOR)?.state?.terminated;
  const why = pod.status?.message ?? pod.status?.reason ?? collector?.reason ?? 'no reason given';
  return infrastructure('start-timeout', `The pod failed before its program began: ${firstSentence(why)}`);
}

const IMAGE = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
  'ImageInspectError',
  'ErrImageNeverPull',
  'RegistryUnavailable',
  'CreateContainerConfigError',
  'CreateContainerError',
]);

/** Start seconds count from the moment when a node had the pod. A wrong name or a local image that is absent waits for nothing. */
function ofWaiting(pod: Pod | undefined, patience: Patience, now: number): Verdict | undefined {
  if (!pod || !conditionOf(pod, 'PodScheduled')) return undefined;
  const begun = [MAIN, FETCH, COLLECTOR].map((name) => containerOf(pod, name)?.state?.waiting);
  const image = begun.find((waiting) => waiting?.reason !== undefined && IMAGE.has(waiting.reason));
  const waited = secondsSince(conditionOf(pod, 'PodScheduled')?.lastTransitionTime ?? pod.status?.startTime, now);
  if (image) {
    const hopeless = image.reason === 'InvalidImageName' || image.reason === 'ErrImageNeverPull';
    if (hopeless || waited > patience.startSeconds)
      return infrastructure(
        'image',
        `The container cannot be made (${image.reason}): ${firstSentence(image.message ?? '')}`,
      );
    return undefined;
  }
  const main = containerOf(pod, MAIN)?.state;
  if (main?.running || main?.terminated || waited <= patience.startSeconds + patience.graceSeconds) return undefined;
  return infrastructure('start-timeout', `The program has not begun ${Math.round(waited)} s after its pod had a node.`);
}

function ofQueue(evidence: Evidence, { queueSeconds }: Patience, now: number): Verdict | undefined {
  const { job, pod, podGone } = evidence;
  if (!job) return undefined;
  if (conditionOf(job, 'Suspended') && pod) return ofJobItself(job);
  const waited = secondsSince(job.metadata.creationTimestamp, now);
  if (!pod) return jobEnded(job) ? undefined : ofAbsence(evidence, waited, queueSeconds);
  if (podGone || conditionOf(pod, 'PodScheduled') || waited <= queueSeconds) return undefined;
  const scheduled = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled');
  return infrastructure(
    'unschedulable',
    `No node took the pod in ${Math.round(waited)} s: ${firstSentence(scheduled?.message ?? 'no reason given')}`,
  );
}

/** The Job is there and never had a pod: a quota, an admission rule or a queue stands before it. */
function ofAbsence({ warnings }: Evidence, waited: number, queueSeconds: number): Verdict | undefined {
  const refusal = warnings.find(({ reason }) => reason === 'FailedCreate')?.message;
  if (refusal?.includes('exceeded quota')) {
    if (waited <= queueSeconds) return undefined;
    return infrastructure('quota', `A quota refused the pod for ${Math.round(waited)} s: ${firstSentence(refusal)}`);
  }
  // One refusal may be a race with what the namespace lacks for a moment; a minute of them is none.
  if (refusal !== undefined && waited > Math.min(NO_POD_SECONDS, queueSeconds))
    return infrastructure('admission', `The cluster refuses the pod: ${firstSentence(refusal)}`);
  if (waited <= queueSeconds) return undefined;
  return infrastructure('unschedulable', `The Job was not admitted in ${Math.round(waited)} s.`);
}

/** A node that does not answer leaves its pod as it was; the controller takes back its readiness, or asks in vain for its end. */
function ofSilence(pod: Pod | undefined, { lostSeconds, graceSeconds }: Patience, now: number): Verdict | undefined {
  if (!pod || isOver(pod)) return undefined;
  const deleted = secondsSince(pod.metadata.deletionTimestamp, now);
  // Where the cluster has given its node up already, and said so, there is nothing more to wait for.
  const givenUp = conditionOf(pod, 'DisruptionTarget')?.reason === 'DeletionByTaintManager';
  if (deleted > graceSeconds + (givenUp ? 0 : lostSeconds))
    return infrastructure(
      'node-lost',
      `The pod was to end ${Math.round(deleted)} s ago, and its node does not say that it has.`,
    );
  const ready = pod.status?.conditions?.find(({ type }) => type === 'Ready');
  const silent = ready?.status === 'False' && containerOf(pod, MAIN)?.state?.running !== undefined;
  const since = silent ? secondsSince(ready.lastTransitionTime, now) : 0;
  if (since <= lostSeconds) return undefined;
  return infrastructure('node-lost', `The node of the pod has not answered for ${Math.round(since)} s.`);
}

/** The Job ended, and its pod does not say why. */
function ofJob({ job, jobGone, pod, podGone }: Evidence): Verdict | undefined {
  const failed = failureOf(job);
  if (failed?.reason === 'DeadlineExceeded') return ofJobItself(job);
  if (failed && (podGone || !pod)) return infrastructure('pod-deleted', 'The pod was deleted before its end was seen.');
  if (jobGone && (podGone || !pod)) return infrastructure('job-deleted', 'Somebody deleted the Job.');
  return undefined;
}

function waitingPhase({ job, pod, warnings, podGone }: Evidence): Phase {
  if (!job && !pod) return { state: 'queued', why: 'The Job is not there yet.' };
  if (conditionOf(job, 'Suspended')) return { state: 'queued', why: 'Suspended: the queue has not admitted the Job.' };
  if (!pod || podGone)
    return { state: 'queued', why: warnings.findLast(({ message }) => message)?.message ?? 'There is no pod yet.' };
  const scheduled = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled');
  if (scheduled?.status !== 'True')
    return { state: 'queued', why: scheduled?.message ?? 'No node has taken the pod yet.' };
  const main = containerOf(pod, MAIN)?.state;
  if (main?.running || main?.terminated) return { state: 'running' };
  const waiting = [FETCH, COLLECTOR, MAIN]
    .map((name) => containerOf(pod, name)?.state?.waiting)
    .find((one) => one?.reason);
  return {
    state: 'starting',
    why: [waiting?.reason, waiting?.message].filter(Boolean).join(': ') || 'The pod starts.',
  };
}

/** `FailureTarget` comes first, and on a dead node it is all that comes. */
function failureOf(job: Job | undefined): ReturnType<typeof conditionOf> {
  return conditionOf(job, 'Failed') ?? conditionOf(job, 'FailureTarget');
}

function jobEnded(job: Job | undefined): boolean {
  return failureOf(job) !== undefined || conditionOf(job, 'Complete') !== undefined;
}

/** 0 when the time is unknown or has not come. */
function secondsSince(time: string | undefined, now: number): number {
  const at = time === undefined ? Number.NaN : Date.parse(time);
  return Number.isNaN(at) ? 0 : Math.max(0, (now - at) / 1000);
}

function firstSentence(text: string): string {
  const line = text.trim().replaceAll(/\s+/g, ' ');
  return line.length <= 300 ? line : `${line.slice(0, 299)}…`;
}
