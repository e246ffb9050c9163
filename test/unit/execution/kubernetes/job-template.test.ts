/** The pod of an execution: what it may do, what it is given, and what a patch of the installation changes. */
import { describe, expect, test } from '@jest/globals';
import { ExecutionSpec } from '../../../../src/domain/execution-spec.js';
import { configMapFor } from '../../../../src/execution/kubernetes/config-map.js';
import { jobFor, jobSeconds, podSeconds } from '../../../../src/execution/kubernetes/job-template.js';
import { specHash } from '../../../../src/execution/kubernetes/names.js';
import { type Part, partsOf } from '../../../../src/execution/kubernetes/parts.js';
import type { ViewData } from '../../../../src/execution/kubernetes/publish.js';
import { ClassSettings, KubernetesSettings } from '../../../../src/execution/kubernetes/settings.js';
import { strategicMerge } from '../../../../src/execution/kubernetes/strategic-merge.js';

const SETTINGS = KubernetesSettings.parse({ image: 'runner:1', artefacts: { url: 'http://worker:8790/' } });
const FETCH: ViewData = { mode: 'fetch', mebibytes: 100 };

function spec(changes: Partial<ExecutionSpec> = {}): ExecutionSpec {
  return ExecutionSpec.parse({
    id: 'aml-aaaaaaaaaaaaaaaaaaaa',
    runId: 'task-20260101-abcdef',
    nodeId: 'n1',
    program: 'a'.repeat(64),
    views: [{ name: 'main', input: '/data/prepared/main' }],
    limits: { cpus: 2, memoryMiB: 4096, diskMiB: 1000, shmMiB: 512, gpus: 0, pids: 64, runSeconds: 600 },
    network: 'none',
    environment: {},
    outputs: ['submission.csv'],
    ...changes,
  });
}

function partOf(changes: Partial<ExecutionSpec> = {}): Part {
  const [part] = partsOf(spec(changes));
  if (!part) throw new Error('no part');
  return part;
}

function podOf(machine: Partial<ClassSettings> = {}, part = partOf(), data: ViewData = FETCH) {
  const job = jobFor(part, { settings: SETTINGS, className: 'cpu', machine: ClassSettings.parse(machine), data });
  const pod = job.spec?.template.spec;
  const [main] = pod?.containers ?? [];
  if (!pod || !main) throw new Error('no pod');
  return { job, pod, main };
}

describe('the pod', () => {
  test('has no rights, no token, no network names, and a file system that it cannot change', () => {
    const { pod } = podOf();
    expect(pod).toMatchObject({
      restartPolicy: 'Never',
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      securityContext: { runAsNonRoot: true, runAsUser: 10001, seccompProfile: { type: 'RuntimeDefault' } },
    });
    for (const container of [...pod.containers, ...(pod.initContainers ?? [])])
      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
  });

  test('one try: no retry of Kubernetes’ own, a trace of every disruption', () => {
    const { job } = podOf();
    expect(job.spec).toMatchObject({ backoffLimit: 0, completions: 1, parallelism: 1, podReplacementPolicy: 'Failed' });
    expect(job.spec?.podFailurePolicy?.rules).toEqual([
      { action: 'FailJob', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
    ]);
  });

  test('the token of the endpoint is shown to its helpers and not to the program', () => {
    const { pod, main } = podOf();
    const endpoint = pod.volumes?.find(({ configMap }) => configMap?.items?.some(({ key }) => key === 'endpoint.json'));
    const seen = (name: string) =>
      [...pod.containers, ...(pod.initContainers ?? [])]
        .find((one) => one.name === name)
        ?.volumeMounts?.map((mount) => mount.name);
    expect(seen('collector')).toContain(endpoint?.name);
    expect(seen('fetch')).toContain(endpoint?.name);
    expect(main.volumeMounts?.map(({ name }) => name)).not.toContain(endpoint?.name);
    expect(JSON.stringify(main)).not.toContain('endpoint');
  });

  test('three deadlines, each later than the one before', () => {
    const part = partOf();
    const { job, pod } = podOf();
    expect(pod.activeDeadlineSeconds).toBe(podSeconds(part, SETTINGS));
    expect(job.spec?.activeDeadlineSeconds).toBe(jobSeconds(part, SETTINGS));
    expect(podSeconds(part, SETTINGS)).toBeGreaterThan(part.limits.runSeconds + SETTINGS.startSeconds);
    expect(jobSeconds(part, SETTINGS)).toBeGreaterThan(podSeconds(part, SETTINGS) + SETTINGS.queueSeconds);
  });

  test('memory holds /dev/shm too, disk holds what is fetched too, cores are not capped', () => {
    const { pod, main } = podOf();
    expect(main.resources?.limits).toEqual({ memory: '4736Mi', 'ephemeral-storage': '2252Mi' });
    expect(main.resources?.requests).toMatchObject({ cpu: '2', memory: '4736Mi' });
    expect(pod.volumes?.find(({ name }) => name === 'shm')).toEqual({
      name: 'shm',
      emptyDir: { medium: 'Memory', sizeLimit: '512Mi' },
    });
    expect(podOf({ cpuLimit: true }).main.resources?.limits).toMatchObject({ cpu: '2' });
  });

  test('from a volume: one sub-folder, read-only, and nothing to fetch', () => {
    const { pod, main } = podOf({}, partOf(), { mode: 'claim', claim: 'views', folders: { main: 'view-1' } });
    expect(pod.initContainers?.map(({ name }) => name)).toEqual(['collector']);
    expect(main.volumeMounts).toContainEqual({
      name: 'views',
      mountPath: '/views/main',
      subPath: 'view-1',
      readOnly: true,
    });
    expect(pod.volumes).toContainEqual({
      name: 'views',
      persistentVolumeClaim: { claimName: 'views', readOnly: true },
    });
  });
});

describe('devices', () => {
  const gpu = partOf({ limits: { ...spec().limits, gpus: 2 } });

  test.each(['nvidia.com/gpu', 'nvidia.com/mig-1g.10gb', 'amd.com/gpu'])(
    '%s by name, its taint tolerated',
    (gpuResource) => {
      const { pod, main } = podOf({ gpus: 2, gpuResource }, gpu);
      expect(main.resources?.limits).toMatchObject({ [gpuResource]: '2' });
      expect(pod.tolerations).toEqual([{ key: gpuResource, operator: 'Exists', effect: 'NoSchedule' }]);
    },
  );

  test('by claim instead', () => {
    const { pod, main } = podOf({ gpus: 1, resourceClaimTemplate: 'one-gpu' }, gpu);
    expect(pod.resourceClaims).toEqual([{ name: 'device', resourceClaimTemplateName: 'one-gpu' }]);
    expect(main.resources?.claims).toEqual([{ name: 'device' }]);
    expect(Object.keys(main.resources?.limits ?? {})).not.toContain('nvidia.com/gpu');
  });

  test('placement by value', () => {
    const machine = {
      nodeSelector: { 'nvidia.com/gpu.product': 'A100' },
      runtimeClassName: 'gvisor',
      priorityClassName: 'ml',
      kueueQueue: 'ml',
      podTemplatePatch: { spec: { containers: [{ name: 'main', env: [{ name: 'A', value: '1' }] }], hostname: 'x' } },
    };
    const { job, pod, main } = podOf(machine, gpu);
    expect(pod).toMatchObject({
      nodeSelector: machine.nodeSelector,
      runtimeClassName: 'gvisor',
      priorityClassName: 'ml',
      hostname: 'x',
    });
    expect(job.metadata?.labels).toMatchObject({ 'kueue.x-k8s.io/queue-name': 'ml', 'automlgen.dev/class': 'cpu' });
    expect(main.env).toEqual([{ name: 'A', value: '1' }]);
    expect(main.image).toBe('runner:1');
    expect(pod.containers).toHaveLength(1);
  });
});

describe('parts', () => {
  test('one view: the id is the name; more: one Job for each, so that no fold sees another', () => {
    expect(partsOf(spec()).map(({ job }) => job)).toEqual(['aml-aaaaaaaaaaaaaaaaaaaa']);
    const views = ['fold2', 'fold3'].map((name) => ({ name, input: `/data/${name}` }));
    const parts = partsOf(spec({ views }));
    expect(parts.map(({ job, views: own }) => [job, own.map(({ name }) => name)])).toEqual([
      ['aml-aaaaaaaaaaaaaaaaaaaa-fold2', ['fold2']],
      ['aml-aaaaaaaaaaaaaaaaaaaa-fold3', ['fold3']],
    ]);
  });

  test('the same request has the same hash whoever writes it; another one has another', () => {
    const { id, ...rest } = spec();
    expect(specHash(partsOf({ ...rest, id } as ExecutionSpec)[0]!)).toBe(specHash(partOf()));
    expect(specHash(partOf({ environment: { A: '1' } }))).not.toBe(specHash(partOf()));
  });

  test('the ConfigMap belongs to the Job, and tells a pod no path of the worker', () => {
    const job = { metadata: { name: 'aml-aaaaaaaaaaaaaaaaaaaa', uid: 'u1' } };
    const told = { program: Buffer.from('print("ü")'), token: 't', className: 'cpu' };
    const map = configMapFor(partOf(), job, SETTINGS, told);
    // Blocking the deletion of its owner would need a right that workers do not have, where an admission plugin asks for it.
    const owner = { apiVersion: 'batch/v1', kind: 'Job', name: job.metadata.name, uid: 'u1', controller: true };
    expect(map.metadata?.ownerReferences).toEqual([owner]);
    expect(Buffer.from(map.binaryData?.['program.py'] ?? '', 'base64').toString()).toBe('print("ü")');
    const request = JSON.parse(map.data?.['request.json'] ?? '');
    expect(request).toMatchObject({ level: 'pod', views: [{ name: 'main', input: '/views/main' }] });
    expect(map.data?.['request.json']).not.toContain('/data/prepared');
    expect(JSON.parse(map.data?.['endpoint.json'] ?? '')).toMatchObject({ url: 'http://worker:8790', token: 't' });
  });
});

describe('a patch', () => {
  const target = {
    a: 1,
    containers: [{ name: 'x', image: '1', env: [{ name: 'A', value: '1' }] }, { name: 'y' }],
    args: ['1', '2'],
  };

  test.each([
    ['fields', { a: 2, b: 3 }, { ...target, a: 2, b: 3 }],
    ['null removes', { a: null }, { containers: target.containers, args: target.args }],
    [
      'lists of named things by name',
      { containers: [{ name: 'x', image: '2' }] },
      { ...target, containers: [{ ...target.containers[0], image: '2' }, { name: 'y' }] },
    ],
    [
      'a new name is added',
      { containers: [{ name: 'z' }] },
      { ...target, containers: [...target.containers, { name: 'z' }] },
    ],
    [
      'an entry is deleted',
      { containers: [{ name: 'y', $patch: 'delete' }] },
      { ...target, containers: [target.containers[0]] },
    ],
    [
      'a list is replaced',
      { containers: [{ $patch: 'replace' }, { name: 'z' }] },
      { ...target, containers: [{ name: 'z' }] },
    ],
    ['plain lists are replaced', { args: ['3'] }, { ...target, args: ['3'] }],
    [
      'deep inside',
      { containers: [{ name: 'x', env: [{ name: 'B', value: '2' }] }] },
      {
        ...target,
        containers: [
          {
            name: 'x',
            image: '1',
            env: [
              { name: 'A', value: '1' },
              { name: 'B', value: '2' },
            ],
          },
          { name: 'y' },
        ],
      },
    ],
  ])('%s', (_, patch, expected) => {
    const before = structuredClone(target);
    expect(strategicMerge(target, patch)).toEqual(expected);
    expect(target).toEqual(before);
  });
});
