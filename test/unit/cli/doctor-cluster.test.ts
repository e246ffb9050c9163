import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { classFinding, imageFinding, type Machine, quantity } from '../../../src/cli/doctor-cluster-machines.js';
import { type Reach, reachFindings, trialJob } from '../../../src/cli/doctor-cluster-pod.js';
import { RIGHTS } from '../../../src/cli/doctor-cluster-rights.js';
import { ClassSettings, KubernetesSettings } from '../../../src/execution/kubernetes/settings.js';

const machine = (allocatable: Record<string, string>, labels: Record<string, string> = {}): Machine => ({
  metadata: { name: 'machine', labels },
  status: { allocatable },
});
const BIG = { cpu: '16', memory: '65536Mi' };

test('the rights that are asked for are the role of the chart, no more and no less', () => {
  const [role] = parseAllDocuments(readFileSync('k8s/base/rbac.yaml', 'utf8')).map((document) => document.toJS());
  const asked = RIGHTS.map(({ group, resource, verbs }) => ({ apiGroups: [group], resources: [resource], verbs }));
  expect(role.kind).toBe('Role');
  expect(role.rules).toEqual(asked);
});

describe('quantities', () => {
  test.each([
    ['500m', 0.5],
    ['2', 2],
    ['1Gi', 2 ** 30],
    ['1.5G', 1.5e9],
    ['128974848000m', 128_974_848],
    ['12e3', 12_000],
    ['', 0],
    ['many', 0],
  ])('%s is %d', (text, value) => {
    expect(quantity(text)).toBeCloseTo(value, 6);
  });
});

describe('a class and the machines', () => {
  const gpu = ClassSettings.parse({ gpus: 1, cpus: 8, memoryMiB: 16_384, nodeSelector: { pool: 'gpu' } });
  test('is fine when one machine fits it and counts the devices', () => {
    const node = machine({ ...BIG, 'nvidia.com/gpu': '8' }, { pool: 'gpu' });
    expect(classFinding('gpu', gpu, [node, machine(BIG)])).toMatchObject({
      level: 'fine',
      found: 'class gpu: 1 of 2 machines can take its programs, 8 nvidia.com/gpu',
    });
  });
  test('without a device the fix is the device plugin', () => {
    const finding = classFinding('gpu', gpu, [machine(BIG, { pool: 'gpu' })]);
    expect(finding).toMatchObject({ level: 'warning', fix: expect.stringContaining('device plugin') });
    expect(finding.found).toContain('1 nvidia.com/gpu');
  });
  test('with devices but too little memory the fix is another one', () => {
    const finding = classFinding('gpu', gpu, [
      machine({ cpu: '16', memory: '8Gi', 'nvidia.com/gpu': '8' }, { pool: 'gpu' }),
    ]);
    expect(finding).toMatchObject({ level: 'warning', fix: expect.stringContaining('memoryMiB of class gpu') });
  });
  test('machines of another pool and cordoned ones do not count', () => {
    const cordoned = { ...machine({ ...BIG, 'nvidia.com/gpu': '8' }, { pool: 'gpu' }), spec: { unschedulable: true } };
    const other = machine({ ...BIG, 'nvidia.com/gpu': '8' }, { pool: 'cpu' });
    expect(classFinding('gpu', gpu, [cordoned, other]).level).toBe('warning');
  });
  test('devices by claim are not counted on machines', () => {
    const claimed = ClassSettings.parse({ ...gpu, resourceClaimTemplate: 'one-gpu' });
    expect(classFinding('gpu', claimed, [machine(BIG, { pool: 'gpu' })]).level).toBe('fine');
  });
});

test('an image is looked for under the names that machines use', () => {
  const node: Machine = {
    metadata: { name: 'a' },
    status: { images: [{ names: null }, { names: ['docker.io/automlgen/runner:1'] }] },
  };
  expect(imageFinding('automlgen/runner:1', [node, machine(BIG)]).found).toContain(
    'on 1 of 2 machines; the others pull it',
  );
});

describe('what a trial pod reached', () => {
  const closed: Reach = {
    reached: [],
    refused: [],
    tried: 4,
    endpoint: 'reached',
    names: false,
    token: false,
    rootWritable: false,
    uid: 10_001,
    pids: 512,
    peer: 'silent',
  };
  test('a closed pod is fine in every respect', () => {
    expect(reachFindings(closed).map(({ level }) => level)).toEqual(['fine', 'fine', 'fine', 'fine']);
    expect(reachFindings(closed).at(-1)?.found).toContain('at most 512 processes');
  });
  test.each<[string, Partial<Reach>, string]>([
    ['the API server', { reached: ['10.96.0.1:443'] }, 'network policies are not enforced'],
    ["another program's pod", { peer: 'reached' }, 'reach each other'],
    ['no endpoint', { endpoint: 'silent' }, 'artefact endpoint is silent'],
    ['a token', { token: true }, 'token is mounted'],
    ['a writable root', { rootWritable: true }, 'root is writable'],
    ['the user root', { uid: 0 }, 'runs as root'],
  ])('%s blocks', (_name, over, words) => {
    const blocked = reachFindings({ ...closed, ...over }).filter(({ level }) => level === 'blocked');
    expect(blocked).toHaveLength(1);
    expect(blocked[0]).toMatchObject({ found: expect.stringContaining(words), fix: expect.any(String) });
  });
  test.each<[string, Partial<Reach>, string]>([
    ['processes without a limit', { pids: null }, 'not limited by the machine'],
    ['a second pod that did not come up', { peer: null }, 'was not tried'],
  ])('%s are a warning', (_name, over, words) => {
    const warnings = reachFindings({ ...closed, ...over }).filter(({ level }) => level === 'warning');
    expect(warnings.map(({ found }) => found)).toEqual([expect.stringContaining(words)]);
  });
});

test('the trial is the pod of a program: same account, security and machine, without what needs a worker', () => {
  const settings = KubernetesSettings.parse({
    image: 'registry/runner:1',
    artefacts: { url: 'http://10.0.0.1:8790' },
    classes: { gpu: { gpus: 1, runtimeClassName: 'gvisor', nodeSelector: { pool: 'gpu' } } },
  });
  const job = trialJob(settings, { name: 'gpu', machine: settings.classes.gpu! }, 'automlgen-doctor-1', {
    forbidden: ['1.1.1.1:443'],
    endpoint: 'http://10.0.0.1:8790',
    seconds: 3,
  });
  const pod = job.spec?.template.spec;
  expect(pod).toMatchObject({
    serviceAccountName: 'automlgen-runner',
    automountServiceAccountToken: false,
    runtimeClassName: 'gvisor',
    nodeSelector: { pool: 'gpu' },
    securityContext: { runAsNonRoot: true },
  });
  const [main] = pod?.containers ?? [];
  expect(main?.resources?.limits).toHaveProperty(['nvidia.com/gpu'], '1');
  expect(JSON.parse(main?.command?.at(-1) ?? '')).toEqual({
    forbidden: ['1.1.1.1:443'],
    endpoint: 'http://10.0.0.1:8790',
    seconds: 3,
  });
  const mounted = new Set(main?.volumeMounts?.map(({ name }) => name));
  expect(pod?.volumes?.map(({ name }) => name).sort()).toEqual([...mounted].sort());
  expect(pod?.initContainers).toEqual([]);
  expect(main).not.toHaveProperty('readinessProbe');
  expect(job.metadata?.labels).not.toHaveProperty(['automlgen.dev/execution']);
});
