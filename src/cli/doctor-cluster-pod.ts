/** Whether a program's pod would be admitted (asked without making one), and with `--try` what a real one can reach. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { V1Job, V1PodSpec, V1PodTemplateSpec } from '@kubernetes/client-node';
import { z } from 'zod';
import type { ExecutionSpec } from '../domain/execution-spec.js';
import { BlobId, ExecutionId, NodeId, RunId } from '../domain/ids.js';
import { ApiError } from '../execution/kubernetes/api-error.js';
import type { Gateway } from '../execution/kubernetes/gateway.js';
import { jobFor } from '../execution/kubernetes/job-template.js';
import { LABELS, MANAGER } from '../execution/kubernetes/names.js';
import { containerOf, type Job, MAIN, type ObjectList, type Pod } from '../execution/kubernetes/objects.js';
import { partsOf } from '../execution/kubernetes/parts.js';
import type { ViewData } from '../execution/kubernetes/publish.js';
import type { ClassSettings, KubernetesSettings } from '../execution/kubernetes/settings.js';
import { packageFile } from '../stack/package-root.js';
import type { Finding } from './doctor-checks.js';
import { openPeer, type ProbeRequest, removeJob } from './doctor-cluster-peer.js';
import { isAllowed } from './doctor-cluster-rights.js';
import { type ClusterEvent, jobView } from './job-view.js';

type Api = Pick<Gateway, 'request'>;

const PODS = { group: '', resource: 'pods' };

/** PodSecurity, quota, limits and unknown names are told by a dry run of the pod; a dry run of the Job tells none of them. */
export async function checkAdmission(api: Api, settings: KubernetesSettings): Promise<readonly Finding[]> {
  if (!(await isAllowed(api, settings.namespace, PODS, 'create'))) {
    return [finding('fine', 'admission of pods: not asked, this identity may make none (workers need not)')];
  }
  const answers = Object.entries(settings.classes).map(async ([name, machine]) => {
    const template = templateOf(settings, name, machine);
    const path = `/api/v1/namespaces/${settings.namespace}/pods`;
    const body = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { ...template.metadata, generateName: 'automlgen-doctor-' },
      spec: template.spec,
    };
    try {
      await api.request(path, { method: 'POST', body, query: { dryRun: 'All', fieldValidation: 'Strict' } });
      return finding('fine', `a pod of class ${name} would be admitted`);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return finding('blocked', `a pod of class ${name} would be refused: ${error.message}`, mend(error, settings));
    }
  });
  return Promise.all(answers);
}

function mend({ message }: ApiError, { namespace }: KubernetesSettings): string {
  if (message.includes('exceeded quota')) return `kubectl describe quota -n ${namespace}`;
  if (message.includes('serviceaccount')) return 'kubectl apply -f k8s/base/accounts.yaml';
  if (message.includes('violates PodSecurity')) return 'Take out of podTemplatePatch what the message names.';
  return `kubectl describe limitrange,quota -n ${namespace}`;
}

const Reach = z.object({
  reached: z.array(z.string()),
  refused: z.array(z.string()),
  tried: z.number(),
  endpoint: z.enum(['reached', 'refused', 'silent']).nullable(),
  names: z.boolean(),
  token: z.boolean(),
  rootWritable: z.boolean(),
  uid: z.number(),
  /** Most processes and threads that a program came to; null where nothing stopped it at MOST_PROCESSES. */
  pids: z.number().nullable(),
  /** What became of a connection to another program's pod; null when there was none to try. */
  peer: z.enum(['reached', 'refused', 'silent']).nullable(),
});
export type Reach = z.infer<typeof Reach>;

const POLL_MS = 500;
const LONGEST_MS = 300_000;
/** More than any usual limit for each pod. */
const MOST_PROCESSES = 4200;

/** Makes one Job per class, and one that it tries to reach; waits for its end, removes both. */
export async function tryPods(
  api: Api,
  settings: KubernetesSettings,
  forbidden: readonly string[],
): Promise<readonly Finding[]> {
  const findings = await Promise.all(
    Object.entries(settings.classes).map(([name, machine]) => tryPod(api, settings, { name, machine, forbidden })),
  );
  return findings.flat();
}

interface Trial {
  readonly name: string;
  readonly machine: ClassSettings;
  readonly forbidden: readonly string[];
}

async function tryPod(api: Api, settings: KubernetesSettings, trial: Trial): Promise<readonly Finding[]> {
  const jobs = `/apis/batch/v1/namespaces/${settings.namespace}/jobs`;
  const name = `automlgen-doctor-${randomBytes(4).toString('hex')}`;
  const peer = await openPeer(api, settings, (request) => {
    const small = { ...trial.machine, gpus: 0, cpus: Math.min(0.1, trial.machine.cpus), memoryMiB: 256, shmMiB: 16 };
    return trialJob(settings, { ...trial, machine: small }, `${name}-peer`, request);
  });
  try {
    await api.request(jobs, {
      method: 'POST',
      body: trialJob(settings, trial, name, {
        forbidden: trial.forbidden,
        endpoint: settings.artefacts.url,
        seconds: 3,
        processes: MOST_PROCESSES,
        ...(peer.address !== undefined && { peer: peer.address }),
      }),
    });
    return (await ending(api, settings, name, trial.name)).map((one) => ({
      ...one,
      found: `class ${trial.name}: ${one.found}`,
    }));
  } finally {
    await Promise.all([peer.close(), removeJob(api, settings, name)]);
  }
}

async function ending(
  api: Api,
  { namespace }: KubernetesSettings,
  name: string,
  className: string,
): Promise<readonly Finding[]> {
  const started = Date.now();
  for (;;) {
    const query = { labelSelector: `job-name=${name}` };
    const pods = await api.request<ObjectList<Pod>>(`/api/v1/namespaces/${namespace}/pods`, { query });
    const [pod] = pods.items;
    const end = pod && containerOf(pod, MAIN)?.state?.terminated;
    if (end) return judged(end.message ?? '', end.exitCode);
    const [job, events] = await Promise.all([
      api.request<Job>(`/apis/batch/v1/namespaces/${namespace}/jobs/${name}`),
      api.request<ObjectList<ClusterEvent>>(`/api/v1/namespaces/${namespace}/events`),
    ]);
    const about = events.items.filter(
      ({ involvedObject }) => involvedObject.name === name || involvedObject.name === pod?.metadata.name,
    );
    const { state, why } = jobView(job, pod, about);
    if (state === 'refused' || state === 'failed' || Date.now() - started > LONGEST_MS) {
      const fix = `kubectl describe quota,limitrange -n ${namespace}; automlgen jobs --class ${className}`;
      return [finding('blocked', `a trial Job is ${state}: ${why ?? 'no reason given'}`, fix)];
    }
    await sleep(POLL_MS);
  }
}

function judged(message: string, exitCode: number): readonly Finding[] {
  const parsed = Reach.safeParse(parseJson(message));
  if (!parsed.success) {
    const fix = 'Build the image from k8s/runner/Dockerfile, and check python and runtimeFolder in the settings.';
    return [
      finding('blocked', `the trial ended with exit code ${exitCode}: ${message.slice(0, 200) || 'no message'}`, fix),
    ];
  }
  return reachFindings(parsed.data);
}

/** A program may reach the artefact endpoint and nothing else. */
export function reachFindings(reach: Reach): readonly Finding[] {
  const closed = 'Install a network plugin that enforces NetworkPolicy (Calico, Cilium, …), then run this again.';
  const network =
    reach.reached.length > 0
      ? finding('blocked', `programs reach ${reach.reached.join(', ')}: network policies are not enforced`, closed)
      : finding(
          'fine',
          `programs reach none of ${reach.tried} addresses tried${reach.names ? ', but names resolve' : ''}`,
        );
  return [network, peerFinding(reach.peer, closed), ...endpointFindings(reach.endpoint), ...confinementFindings(reach)];
}

/** It listens for certain, and nothing but a policy keeps pods of a namespace apart: in a race, each holds answers of the others. */
function peerFinding(peer: Reach['peer'], closed: string): Finding {
  switch (peer) {
    case 'reached':
      return finding(
        'blocked',
        'programs reach each other, and could tell each other answers: network policies are not enforced',
        closed,
      );
    case null:
      return finding(
        'warning',
        'whether programs reach each other was not tried: a second pod did not get ready beside the first',
        'Run this again when there is room for two pods: automlgen doctor --only kubernetes --try',
      );
    default:
      return finding('fine', `programs do not reach each other (${peer}): network policies are enforced`);
  }
}

function endpointFindings(endpoint: Reach['endpoint']): readonly Finding[] {
  if (endpoint === null) return [];
  if (endpoint === 'reached') return [finding('fine', 'programs reach the artefact endpoint')];
  const fix = 'Check AUTOMLGEN_ARTEFACT_URL, and that an execution worker runs: kubectl get endpointslices';
  return [
    finding('blocked', `the artefact endpoint is ${endpoint}: no program can get its data or leave results`, fix),
  ];
}

function confinementFindings({ token, rootWritable, uid, pids }: Reach): readonly Finding[] {
  const faults = [
    ...(token ? ['a service account token is mounted'] : []),
    ...(rootWritable ? ['the root is writable'] : []),
    ...(uid === 0 ? ['it runs as root'] : []),
  ];
  const confined =
    faults.length > 0
      ? finding('blocked', `${faults.join(', ')}`, 'Take out of podTemplatePatch what undoes the template.')
      : finding(
          'fine',
          `no token, read-only root, user ${uid}${pids === null ? '' : `, at most ${pids} processes and threads`}`,
        );
  if (pids !== null) return [confined];
  const fix = 'Set podPidsLimit of the kubelets (KubeletConfiguration); until then processes are counted, not limited.';
  const found = `the number of processes is not limited by the machine: nothing stopped ${MOST_PROCESSES} threads`;
  return [confined, finding('warning', found, fix)];
}

/** The pod of a program, with the probe in the place of the program and without what needs a worker. */
export function trialJob(
  settings: KubernetesSettings,
  { name, machine }: Pick<Trial, 'name' | 'machine'>,
  jobName: string,
  request: ProbeRequest,
): V1Job {
  const template = templateOf(settings, name, machine);
  const spec = template.spec;
  const probe = readFileSync(packageFile('python', 'automlgen_runtime', 'pod_probe.py'), 'utf8');
  const labels = { [LABELS.managedBy]: MANAGER, [LABELS.class]: name };
  const gone = ['job', 'endpoint', 'views'];
  const pod: V1PodSpec = {
    ...spec,
    activeDeadlineSeconds: LONGEST_MS / 1000,
    initContainers: [],
    containers: (spec?.containers ?? []).map((container) =>
      container.name === MAIN
        ? {
            ...container,
            command: [settings.python, '-I', '-S', '-c', probe, JSON.stringify(request)],
            ...(request.listen !== undefined && {
              readinessProbe: { tcpSocket: { port: request.listen }, periodSeconds: 1 },
            }),
            volumeMounts: container.volumeMounts?.filter((mount) => !gone.includes(mount.name)) ?? [],
          }
        : container,
    ),
    volumes: spec?.volumes?.filter((volume) => !gone.includes(volume.name)) ?? [],
  };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: jobName, namespace: settings.namespace, labels },
    spec: {
      backoffLimit: 0,
      activeDeadlineSeconds: LONGEST_MS / 1000 + 60,
      ttlSecondsAfterFinished: 300,
      template: { metadata: { labels }, spec: pod },
    },
  };
}

/** What a program of the class would be started with. */
function templateOf(settings: KubernetesSettings, className: string, machine: ClassSettings): V1PodTemplateSpec {
  const { cpus, memoryMiB, diskMiB, shmMiB, gpus, pids } = machine;
  const spec: ExecutionSpec = {
    id: ExecutionId.parse(`aml-${'a'.repeat(20)}`),
    runId: RunId.parse('doctor-20000101-000000'),
    nodeId: NodeId.parse('n1'),
    program: BlobId.parse('0'.repeat(64)),
    views: [{ name: 'main', input: '/' }],
    limits: { cpus, memoryMiB, diskMiB, shmMiB, gpus, pids, runSeconds: 60 },
    network: 'none',
    environment: {},
    outputs: ['submission.csv'],
  };
  const [part] = partsOf(spec);
  const data: ViewData =
    settings.data.mode === 'fetch'
      ? { mode: 'fetch', mebibytes: 1 }
      : { mode: 'claim', claim: settings.data.claim, folders: { main: 'doctor' } };
  const template = part && jobFor(part, { settings, className, machine, data }).spec?.template;
  if (!template) throw new Error('a Job has a template');
  return template;
}

function finding(level: Finding['level'], found: string, fix?: string): Finding {
  return { about: 'kubernetes', level, found, ...(fix !== undefined && { fix }) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
