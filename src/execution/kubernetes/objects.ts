/** The parts of Kubernetes objects that are read here, as the API sends them: times are text. */

export interface ObjectMeta {
  readonly name: string;
  readonly uid?: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly resourceVersion?: string;
}

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
}

export interface Job {
  readonly metadata: ObjectMeta;
  readonly spec?: { readonly suspend?: boolean };
  readonly status?: {
    readonly conditions?: readonly Condition[];
    readonly startTime?: string;
    readonly active?: number;
    readonly failed?: number;
    readonly succeeded?: number;
  };
}

export interface ContainerStatus {
  readonly name: string;
  readonly restartCount?: number;
  readonly state?: {
    readonly waiting?: { readonly reason?: string; readonly message?: string };
    readonly running?: { readonly startedAt?: string };
    readonly terminated?: {
      readonly exitCode: number;
      readonly signal?: number;
      readonly reason?: string;
      readonly message?: string;
      readonly startedAt?: string;
      readonly finishedAt?: string;
    };
  };
}

export interface Pod {
  readonly metadata: ObjectMeta;
  readonly spec?: { readonly nodeName?: string };
  readonly status?: {
    readonly phase?: string;
    readonly reason?: string;
    readonly message?: string;
    readonly startTime?: string;
    readonly conditions?: readonly Condition[];
    readonly containerStatuses?: readonly ContainerStatus[];
    readonly initContainerStatuses?: readonly ContainerStatus[];
  };
}

/** An event of the cluster about one object. */
export interface Warning {
  readonly reason?: string;
  readonly message?: string;
}

export interface ObjectList<T> {
  readonly metadata: { readonly resourceVersion: string; readonly continue?: string };
  readonly items: readonly T[];
}

export const MAIN = 'main';
export const COLLECTOR = 'collector';
export const FETCH = 'fetch';

/** The status of a container, ordinary or of the start. */
export function containerOf(pod: Pod | undefined, name: string): ContainerStatus | undefined {
  const all = [...(pod?.status?.containerStatuses ?? []), ...(pod?.status?.initContainerStatuses ?? [])];
  return all.find((container) => container.name === name);
}

/** The condition when it holds. */
export function conditionOf(object: Job | Pod | undefined, type: string): Condition | undefined {
  return object?.status?.conditions?.find((condition) => condition.type === type && condition.status === 'True');
}

/** Nothing of the pod runs any more. */
export function isOver(pod: Pod): boolean {
  return pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
}
