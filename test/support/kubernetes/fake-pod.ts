/** The statuses that a kubelet writes, step by step; shapes as recorded from a real one. */
import type { ContainerStatus, Pod } from '../../../src/execution/kubernetes/objects.js';

export interface FullPod extends Pod {
  readonly spec: {
    readonly nodeName?: string;
    readonly terminationGracePeriodSeconds?: number;
    readonly activeDeadlineSeconds?: number;
    readonly containers: readonly FullContainer[];
    readonly initContainers?: readonly FullContainer[];
    readonly volumes: readonly FullVolume[];
  };
}

export interface FullContainer {
  readonly name: string;
  readonly image: string;
  readonly command: readonly string[];
  readonly restartPolicy?: string;
  readonly volumeMounts: readonly {
    readonly name: string;
    readonly mountPath: string;
    readonly subPath?: string;
    readonly readOnly?: boolean;
  }[];
}

export interface FullVolume {
  readonly name: string;
  readonly emptyDir?: unknown;
  readonly persistentVolumeClaim?: { readonly claimName: string; readonly readOnly?: boolean };
  readonly configMap?: {
    readonly name: string;
    readonly items: readonly { readonly key: string; readonly path: string }[];
  };
}

type Status = Readonly<Record<string, unknown>>;
type State = NonNullable<ContainerStatus['state']>;

const now = (): string => new Date().toISOString().replace(/\.\d+Z$/, 'Z');

export function container(pod: FullPod, name: string, state: State): Readonly<Record<string, unknown>> {
  const all = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])];
  const running = state.running !== undefined;
  return {
    name,
    state,
    lastState: {},
    ready: running,
    started: running,
    restartCount: 0,
    image: all.find((one) => one.name === name)?.image ?? '',
    imageID: '',
  };
}

export const waiting = (reason: string, message = ''): State => ({ waiting: { reason, ...(message && { message }) } });
export const running = (startedAt = now()): State => ({ running: { startedAt } });
export const terminated = (exitCode: number, more: Partial<NonNullable<State['terminated']>> = {}): State => ({
  terminated: {
    exitCode,
    reason: exitCode === 0 ? 'Completed' : 'Error',
    startedAt: now(),
    finishedAt: now(),
    ...more,
  },
});

export function conditions(scheduled: Pod, initialized: boolean, ready: boolean): readonly unknown[] {
  const kept =
    scheduled.status?.conditions?.filter(({ type }) => type === 'PodScheduled' || type === 'DisruptionTarget') ?? [];
  const of = (type: string, fine: boolean, reason?: string) => ({
    type,
    status: fine ? 'True' : 'False',
    lastTransitionTime: now(),
    ...(reason !== undefined && { reason }),
  });
  return [...kept, of('Initialized', initialized), of('Ready', ready), of('ContainersReady', ready)];
}

/** A node has it, and its first containers are made. */
export function starting(
  pod: FullPod,
  main: State = waiting('PodInitializing'),
  first: State = waiting('PodInitializing'),
): Status {
  const initial = pod.spec.initContainers ?? [];
  return {
    phase: 'Pending',
    startTime: now(),
    hostIP: '127.0.0.1',
    conditions: conditions(pod, false, false),
    initContainerStatuses: initial.map(({ name }) => container(pod, name, first)),
    containerStatuses: [container(pod, 'main', main)],
  };
}

/** The program runs; the data has arrived and the collector runs beside it. */
export function started(pod: FullPod): Status {
  const initial = pod.spec.initContainers ?? [];
  return {
    phase: 'Running',
    startTime: pod.status?.startTime ?? now(),
    conditions: conditions(pod, true, true),
    initContainerStatuses: initial.map(({ name, restartPolicy }) =>
      container(pod, name, restartPolicy === 'Always' ? running() : terminated(0)),
    ),
    containerStatuses: [container(pod, 'main', running())],
  };
}

export interface End {
  readonly main: State;
  /** What the collector left in its termination message. */
  readonly message?: string;
  /** Its exit code; 0 unless told otherwise. */
  readonly collector?: number;
  readonly phase?: 'Succeeded' | 'Failed';
  readonly reason?: string;
  readonly text?: string;
}

export function ended(pod: FullPod, { main, message, collector = 0, phase, reason, text }: End): Status {
  const initial = pod.spec.initContainers ?? [];
  const failed = (phase ?? (main.terminated?.exitCode === 0 ? 'Succeeded' : 'Failed')) === 'Failed';
  return {
    phase: failed ? 'Failed' : 'Succeeded',
    ...(reason !== undefined && { reason }),
    ...(text !== undefined && { message: text }),
    conditions: conditions(pod, true, false),
    initContainerStatuses: initial.map(({ name, restartPolicy }) =>
      container(
        pod,
        name,
        restartPolicy === 'Always' ? terminated(collector, message === undefined ? {} : { message }) : terminated(0),
      ),
    ),
    containerStatuses: [container(pod, 'main', main)],
  };
}
