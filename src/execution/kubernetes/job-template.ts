/** One Job is one pod is one try. What a language model wrote never reaches this file: it is bytes in a ConfigMap. */
import type {
  V1Container,
  V1Job,
  V1PodSpec,
  V1PodTemplateSpec,
  V1ResourceRequirements,
  V1Volume,
  V1VolumeMount,
} from '@kubernetes/client-node';
import { ANNOTATIONS, LABELS, labelsOf, PATHS, specHash } from './names.js';
import { COLLECTOR, FETCH, MAIN } from './objects.js';
import type { Part } from './parts.js';
import type { ViewData } from './publish.js';
import type { ClassSettings, KubernetesSettings } from './settings.js';
import { strategicMerge } from './strategic-merge.js';

/** For the supervisor itself, beside the program's own memory. */
const SUPERVISOR_MIB = 128;
const HELPER_MIB = 128;
const TMP_MIB = 1024;
/** For a program that is slow to end, and for results while the worker restarts (python/automlgen_runtime/entry/pod.py). */
const END_SECONDS = 10;
const DELIVERY_SECONDS = 120;

export interface JobContext {
  readonly settings: KubernetesSettings;
  readonly className: string;
  readonly machine: ClassSettings;
  readonly data: ViewData;
}

/** The longest that the pod may exist once a node has taken it: image, data, every view, and the grace at the end. */
export function podSeconds(spec: Part, settings: KubernetesSettings): number {
  const work = spec.views.length * (spec.limits.runSeconds + END_SECONDS);
  return Math.ceil(settings.startSeconds + work + DELIVERY_SECONDS + settings.graceSeconds);
}

/** A backstop: when it strikes, Kubernetes deletes the pod together with its logs. */
export function jobSeconds(spec: Part, settings: KubernetesSettings): number {
  return podSeconds(spec, settings) + settings.queueSeconds + 2 * settings.graceSeconds;
}

export function jobFor(spec: Part, context: JobContext): V1Job {
  const { settings, className, machine } = context;
  const labels = labelsOf(spec, className);
  const queue = machine.kueueQueue;
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: spec.job,
      namespace: settings.namespace,
      labels: { ...labels, ...(queue !== undefined && { 'kueue.x-k8s.io/queue-name': queue }) },
      annotations: { [ANNOTATIONS.specHash]: specHash(spec) },
    },
    spec: {
      backoffLimit: 0,
      completions: 1,
      parallelism: 1,
      podReplacementPolicy: 'Failed',
      activeDeadlineSeconds: jobSeconds(spec, settings),
      ttlSecondsAfterFinished: settings.ttlSeconds,
      // Leaves a trace of preemption, drain and taint; whether to try again is the run's decision.
      podFailurePolicy: {
        rules: [{ action: 'FailJob', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] }],
      },
      template: strategicMerge(templateFor(spec, context, labels), machine.podTemplatePatch),
    },
  };
}

function templateFor(spec: Part, context: JobContext, labels: Readonly<Record<string, string>>): V1PodTemplateSpec {
  return {
    metadata: {
      labels: { ...labels },
      annotations: {
        'cluster-autoscaler.kubernetes.io/safe-to-evict': 'false',
        'karpenter.sh/do-not-disrupt': 'true',
      },
    },
    spec: podFor(spec, context),
  };
}

function podFor(spec: Part, context: JobContext): V1PodSpec {
  const { settings, machine } = context;
  return {
    restartPolicy: 'Never',
    activeDeadlineSeconds: podSeconds(spec, settings),
    terminationGracePeriodSeconds: settings.graceSeconds,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    serviceAccountName: settings.serviceAccountName,
    ...placement(machine),
    ...(settings.imagePullSecrets.length > 0 && {
      imagePullSecrets: settings.imagePullSecrets.map((name) => ({ name })),
    }),
    securityContext: {
      runAsNonRoot: true,
      runAsUser: settings.userId,
      runAsGroup: settings.userId,
      fsGroup: settings.userId,
      fsGroupChangePolicy: 'OnRootMismatch',
      seccompProfile: { type: 'RuntimeDefault' },
    },
    initContainers: [...(context.data.mode === 'claim' ? [] : [fetcher(context)]), collector(context)],
    containers: [mainContainer(spec, context)],
    volumes: volumesOf(spec, context),
  };
}

function placement(machine: ClassSettings): Partial<V1PodSpec> {
  const { nodeSelector, tolerations, runtimeClassName, priorityClassName, schedulerName, resourceClaimTemplate } =
    machine;
  // A device is usually tainted with its own name, so that others stay away from its node.
  const own = machine.gpus > 0 ? [{ key: machine.gpuResource, operator: 'Exists', effect: 'NoSchedule' }] : [];
  const all = [...own, ...tolerations];
  return {
    ...(Object.keys(nodeSelector).length > 0 && { nodeSelector: { ...nodeSelector } }),
    ...(all.length > 0 && { tolerations: all }),
    ...(runtimeClassName !== undefined && { runtimeClassName }),
    ...(priorityClassName !== undefined && { priorityClassName }),
    ...(schedulerName !== undefined && { schedulerName }),
    ...(resourceClaimTemplate !== undefined && {
      resourceClaims: [{ name: 'device', resourceClaimTemplateName: resourceClaimTemplate }],
    }),
  };
}

function mainContainer(spec: Part, context: JobContext): V1Container {
  const { settings, machine } = context;
  const { cpus, memoryMiB, diskMiB, shmMiB, gpus } = spec.limits;
  // A volume in memory counts towards the memory of whoever writes to it.
  const memory = `${memoryMiB + shmMiB + SUPERVISOR_MIB}Mi`;
  // What an init container fetched counts towards the disk of the pod.
  const fetched = context.data.mode === 'fetch' ? context.data.mebibytes : 0;
  const disk = `${diskMiB + TMP_MIB + SUPERVISOR_MIB + fetched}Mi`;
  const classic = gpus > 0 && machine.resourceClaimTemplate === undefined;
  return {
    ...common(MAIN, context),
    command: [...entry(settings), 'pod', PATHS.job, PATHS.workspace, PATHS.delivery],
    // When nothing else is left, the last lines of the log are.
    terminationMessagePolicy: 'FallbackToLogsOnError',
    resources: {
      requests: { cpu: String(cpus), memory, 'ephemeral-storage': disk },
      limits: {
        memory,
        'ephemeral-storage': disk,
        ...(machine.cpuLimit && { cpu: String(cpus) }),
        ...(classic && { [machine.gpuResource]: String(gpus) }),
      },
      ...(gpus > 0 && !classic && { claims: [{ name: 'device' }] }),
    },
    volumeMounts: [
      { name: 'job', mountPath: PATHS.job, readOnly: true },
      { name: 'work', mountPath: PATHS.workspace },
      { name: 'tmp', mountPath: '/tmp' },
      { name: 'shm', mountPath: '/dev/shm' },
      { name: 'delivery', mountPath: PATHS.delivery, readOnly: true },
      ...viewMounts(spec, context),
    ],
  };
}

function viewMounts(spec: Part, { data }: JobContext): V1VolumeMount[] {
  if (data.mode === 'fetch') return [{ name: 'views', mountPath: PATHS.views, readOnly: true }];
  return spec.views.map(({ name }) => ({
    name: 'views',
    mountPath: `${PATHS.views}/${name}`,
    subPath: data.folders[name] ?? name,
    readOnly: true,
  }));
}

/** A native sidecar: it starts before the program, ends after it, and survives whatever ends the program. */
function collector(context: JobContext): V1Container {
  return {
    ...common(COLLECTOR, context),
    restartPolicy: 'Always',
    command: [
      ...entry(context.settings),
      'collector',
      `${PATHS.endpoint}/endpoint.json`,
      PATHS.workspace,
      PATHS.delivery,
    ],
    resources: helperResources(),
    volumeMounts: [
      { name: 'endpoint', mountPath: PATHS.endpoint, readOnly: true },
      { name: 'work', mountPath: PATHS.workspace, readOnly: true },
      { name: 'delivery', mountPath: PATHS.delivery },
    ],
  };
}

function fetcher(context: JobContext): V1Container {
  return {
    ...common(FETCH, context),
    command: [...entry(context.settings), 'fetch', `${PATHS.endpoint}/endpoint.json`, PATHS.views],
    resources: helperResources(),
    volumeMounts: [
      { name: 'endpoint', mountPath: PATHS.endpoint, readOnly: true },
      { name: 'views', mountPath: PATHS.views },
    ],
  };
}

function helperResources(): V1ResourceRequirements {
  const memory = `${HELPER_MIB}Mi`;
  return {
    requests: { cpu: '20m', memory, 'ephemeral-storage': '64Mi' },
    limits: { memory, 'ephemeral-storage': '64Mi' },
  };
}

function common(name: string, { settings, machine }: JobContext): V1Container {
  return {
    name,
    image: machine.image ?? settings.image,
    imagePullPolicy: settings.imagePullPolicy,
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
  };
}

function entry({ python, runtimeFolder }: KubernetesSettings): readonly string[] {
  return [python, '-I', '-S', `${runtimeFolder}/automlgen_runtime/entry`];
}

function volumesOf(spec: Part, { data }: JobContext): V1Volume[] {
  const { diskMiB, shmMiB } = spec.limits;
  const items = (...names: string[]) => names.map((key) => ({ key, path: key }));
  const map = { name: spec.job, defaultMode: 0o444 };
  return [
    { name: 'job', configMap: { ...map, items: items('request.json', 'program.py') } },
    { name: 'endpoint', configMap: { ...map, items: items('endpoint.json') } },
    { name: 'work', emptyDir: { sizeLimit: `${diskMiB + SUPERVISOR_MIB}Mi` } },
    { name: 'tmp', emptyDir: { sizeLimit: `${TMP_MIB}Mi` } },
    { name: 'delivery', emptyDir: { sizeLimit: '1Mi' } },
    { name: 'shm', emptyDir: { medium: 'Memory', sizeLimit: `${shmMiB}Mi` } },
    data.mode === 'claim'
      ? { name: 'views', persistentVolumeClaim: { claimName: data.claim, readOnly: true } }
      : { name: 'views', emptyDir: {} },
  ];
}

/** The class that a Job was made for. */
export function classLabelOf(job: {
  readonly metadata: { readonly labels?: Readonly<Record<string, string>> };
}): string | undefined {
  return job.metadata.labels?.[LABELS.class];
}
