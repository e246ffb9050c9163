/** The manifests against a real API server: strict validation, admission, its own schemas, and an upgrade with Helm. */

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { OVERLAYS } from '../../../bin/chart-files.mjs';
import {
  CHART,
  HELM,
  helm,
  KUBECONFIG,
  KUBECONFORM,
  KUBECTL,
  type KubernetesObject,
  kubectl,
  lacking,
  objectsIn,
  podsOf,
  rendered,
  VALUES,
} from './chart-tools.js';

const SYSTEM = 'chart-system';
const RUNS = 'chart-runs';
/** Helm adopts nothing that is there already. */
const INSTALLED = 'chart-installed';
const INSTALLED_RUNS = 'chart-installed-runs';
const NAMESPACES = [SYSTEM, RUNS, INSTALLED, INSTALLED_RUNS];
const NAMES = ['--set', `namespaces.runs.name=${RUNS}`];
const ready = Boolean(HELM && KUBECTL && KUBECONFIG);
const withServer = ready ? describe : describe.skip;
const scratch = mkdtempSync(join(tmpdir(), 'automlgen-manifests-'));

/** Everything that is optional, at once. */
const EVERYTHING = [
  '--set-json',
  'classes.gpu={"slots":2,"gpus":1,"nodeSelector":{"pool":"gpu"},"tolerations":[{"operator":"Exists"}]}',
  '--set',
  [
    'priorityClass.create=true',
    'versioning.enabled=true',
    'temporal.tls.enabled=true',
    'temporal.tls.existingSecret=tls',
    'temporal.apiKey.existingSecret=cloud',
    'model.name=m',
    'model.existingSecret=model',
    'programData.mode=claim',
    'programData.claim=views',
    'programData.workerClaim=views',
    'imagePullSecrets[0]=pull',
    'workers.priorityClassName=system-cluster-critical',
  ].join(','),
];

beforeAll(() => {
  if (!ready) return;
  for (const namespace of NAMESPACES) {
    kubectl(['create', 'namespace', namespace]);
    kubectl(['label', '--overwrite', 'namespace', namespace, 'pod-security.kubernetes.io/enforce=restricted']);
  }
});
afterAll(() => {
  if (ready) kubectl(['delete', 'namespace', ...NAMESPACES, '--wait=false', '--ignore-not-found']);
  rmSync(scratch, { recursive: true, force: true });
});

/** Kinds that only an operator of the cluster brings. */
const foreign = ({ apiVersion }: KubernetesObject): boolean => /kueue|keda|monitoring\.coreos/.test(apiVersion);

function dryRun(objects: readonly KubernetesObject[]): string {
  const { status, stderr } = kubectl(['create', '--dry-run=server', '--validate=strict', '-f', '-'], list(objects));
  return status === 0 ? '' : stderr;
}

function list(items: readonly KubernetesObject[]): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
}

withServer(`a real API server${lacking('helm', 'cluster')}`, () => {
  test.each<[string, readonly string[]]>([
    ['the default values', []],
    ['everything that is optional', EVERYTHING],
  ])('takes the manifests and the pods of %s', (_name, args) => {
    const objects = rendered('--namespace', SYSTEM, ...VALUES, ...NAMES, ...args).filter(
      (object) => !foreign(object) && object.kind !== 'Namespace',
    );
    kubectl(['apply', '-f', '-'], list(objects.filter(({ kind }) => kind === 'ServiceAccount')));
    expect(dryRun(objects.filter(({ kind }) => kind !== 'ServiceAccount'))).toBe('');
    // PodSecurity judges pods alone: a Deployment that it would starve is admitted without a word.
    const pods = podsOf(objects);
    expect(pods.length).toBeGreaterThanOrEqual(5);
    expect(dryRun(pods)).toBe('');
  });

  test.each([
    ['@every 30m', ''],
    ['@daily', ''],
    ['CRON_TZ=UTC 0 3 * * *', 'spec.schedule'],
  ])('of a schedule %s says what the chart says', (schedule, words) => {
    const jobs = rendered('--namespace', SYSTEM, ...VALUES, ...NAMES).filter(({ kind }) => kind === 'CronJob');
    expect(jobs).toHaveLength(1);
    const refused = dryRun(jobs.map((job) => ({ ...job, spec: { ...job.spec, schedule } })));
    if (words === '') expect(refused).toBe('');
    else expect(refused).toContain(words);
  });

  test('admission is at work: the same pods with one field less secure are refused, and a misspelt field is found', () => {
    const [pod] = podsOf(rendered('--namespace', SYSTEM, ...VALUES, ...NAMES, '--no-hooks'));
    if (!pod) throw new Error('no pod');
    const root = { ...pod, spec: { ...pod.spec, securityContext: { ...pod.spec.securityContext, runAsUser: 0 } } };
    expect(dryRun([root])).toContain('violates PodSecurity "restricted');
    expect(dryRun([{ ...pod, spec: { ...pod.spec, enableServiceLink: true } }])).toContain(
      'unknown field "enableServiceLink"',
    );
  });

  test.each(OVERLAYS)('takes overlay %s', (name) => {
    const objects = objectsIn(kubectl(['kustomize', `k8s/overlays/${name}`]).stdout).filter(
      (object) => !foreign(object),
    );
    const moved = JSON.stringify(objects.filter(({ kind }) => kind !== 'Namespace'))
      .replaceAll('"namespace":"automlgen-runs"', `"namespace":"${RUNS}"`)
      .replaceAll('"namespace":"automlgen"', `"namespace":"${SYSTEM}"`)
      .replaceAll('"namespace":"temporal"', `"namespace":"${SYSTEM}"`);
    const own = (JSON.parse(moved) as KubernetesObject[]).filter(({ kind }) => kind !== 'ServiceAccount');
    expect(dryRun([...own, ...podsOf(own)])).toBe('');
  });
});

const withSchemas = ready && KUBECONFORM ? test : test.skip;

withSchemas(`kubeconform with the schemas of the server itself${lacking('helm', 'kubeconform', 'cluster')}`, () => {
  const folder = serverSchemas();
  const check = (objects: readonly KubernetesObject[]): ReturnType<typeof spawnSync> =>
    spawnSync(
      KUBECONFORM ?? '',
      ['-strict', '-summary', '-schema-location', `${folder}/{{.ResourceKind}}{{.KindSuffix}}.json`],
      {
        encoding: 'utf8',
        input: objects.map((object) => JSON.stringify(object)).join('\n---\n'),
      },
    );
  const objects = rendered(...VALUES, ...EVERYTHING).filter((object) => !foreign(object));
  const { status, stdout } = check(objects);
  expect({ status, stdout }).toEqual({
    status: 0,
    stdout: expect.stringContaining(`Valid: ${objects.length}, Invalid: 0`),
  });
  const [first] = objects;
  expect(check([{ ...(first as KubernetesObject), spce: {} }]).status).toBe(1);
});

/** One file per kind, closed against unknown names, from what the server publishes. */
function serverSchemas(): string {
  const folder = join(scratch, 'schemas');
  mkdirSync(folder);
  for (const path of [
    'api/v1',
    'apis/apps/v1',
    'apis/batch/v1',
    'apis/networking.k8s.io/v1',
    'apis/policy/v1',
    'apis/rbac.authorization.k8s.io/v1',
    'apis/scheduling.k8s.io/v1',
  ]) {
    const document = JSON.parse(kubectl(['get', '--raw', `/openapi/v3/${path}`]).stdout);
    const schemas = closed(document.components.schemas) as Record<
      string,
      { 'x-kubernetes-group-version-kind'?: readonly Kind[] }
    >;
    for (const [name, schema] of Object.entries(schemas)) {
      for (const { group, version, kind } of schema['x-kubernetes-group-version-kind'] ?? []) {
        const file = [kind.toLowerCase(), group.split('.')[0], version].filter(Boolean).join('-').concat('.json');
        writeFileSync(
          join(folder, file),
          JSON.stringify({ $ref: `#/components/schemas/${name}`, components: { schemas } }),
        );
      }
    }
  }
  return folder;
}

interface Kind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

function closed(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_key, held) =>
    typeof held === 'object' && held?.type === 'object' && held.properties && !('additionalProperties' in held)
      ? { ...held, additionalProperties: false }
      : held,
  );
}

withServer(`an installation with Helm${lacking('helm', 'cluster')}`, () => {
  const release = ['-n', INSTALLED, '--kubeconfig', KUBECONFIG ?? ''];
  const get = (kind: string, name: string, namespace = INSTALLED): KubernetesObject =>
    JSON.parse(kubectl(['get', kind, name, '-n', namespace, '-o', 'json']).stdout);

  test('goes over an upgrade with a second class, other limits and metrics off, and back', () => {
    const old = ['--set', 'namespaces.runs.create=false', '--set', `namespaces.runs.name=${INSTALLED_RUNS}`, ...VALUES];
    const installed = helm('install', 'automlgen', CHART, ...release, ...old, '--set', 'quota.pods=4');
    expect(installed.stderr).toBe('');
    const claim = get('pvc', 'automlgen-data').metadata as { readonly uid?: string };
    const upgraded = helm(
      'upgrade',
      'automlgen',
      CHART,
      ...release,
      ...old,
      '--set-json',
      'classes.gpu={"slots":2,"gpus":1}',
      '--set',
      'metrics.enabled=false,quota.pods=8,workers.execute.replicas=3',
    );
    expect(upgraded).toMatchObject({ status: 0, stderr: '' });
    expect(get('deployment', 'automlgen-execute-gpu').spec.replicas).toBe(3);
    expect(get('quota', 'automlgen', INSTALLED_RUNS).spec.hard).toMatchObject({
      pods: '8',
      'requests.nvidia.com/gpu': '16',
    });
    expect(kubectl(['get', 'service', 'automlgen-metrics', '-n', INSTALLED]).stderr).toContain('not found');
    const back = helm('rollback', 'automlgen', '1', ...release);
    expect(back).toMatchObject({ status: 0, stderr: '' });
    expect(kubectl(['get', 'deployment', 'automlgen-execute-gpu', '-n', INSTALLED]).stderr).toContain('not found');
    expect(get('quota', 'automlgen', INSTALLED_RUNS).spec.hard.pods).toBe('4');
    expect(get('pvc', 'automlgen-data').metadata).toMatchObject({ uid: claim.uid });
    const removed = helm('uninstall', 'automlgen', ...release);
    expect(removed.status).toBe(0);
    // Programs may still run there, and nobody else denies them the network.
    const policies = kubectl(['get', 'networkpolicies', '-n', INSTALLED_RUNS, '-o', 'name']).stdout;
    expect(policies.trim()).toBe('networkpolicy.networking.k8s.io/automlgen-deny');
    expect(get('pvc', 'automlgen-data').metadata).toMatchObject({ uid: claim.uid });
  });
});
