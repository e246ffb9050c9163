/** `doctor --only kubernetes` and `jobs` on a real API server: each fault is found, and the command that is given for it mends it. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { clusterJobs } from '../../src/cli/cluster-jobs.js';
import type { Finding } from '../../src/cli/doctor-checks.js';
import { RIGHTS } from '../../src/cli/doctor-cluster-rights.js';
import { checkCluster, checkKubernetes } from '../../src/cli/doctor-kubernetes.js';
import type { JobView } from '../../src/cli/job-view.js';
import { createGateway, type Gateway } from '../../src/execution/kubernetes/gateway.js';
import { type ClusterBench, createClusterBench } from '../support/kubernetes/bench.js';
import { ended, type FullPod, started, terminated } from '../support/kubernetes/fake-pod.js';
import { hangs, imageMissing } from '../support/kubernetes/fates.js';
import { describeOnTier } from '../support/kubernetes/tier.js';
import { KUBECTL } from './chart/chart-tools.js';

const CLOSED = {
  reached: [],
  refused: [],
  tried: 2,
  endpoint: 'reached',
  names: false,
  token: false,
  rootWritable: false,
  uid: 10_001,
  pids: 512,
  peer: 'silent',
};

describeOnTier('doctor and jobs', () => {
  let bench: ClusterBench;
  let trial: unknown = CLOSED;
  let fate = hangs;
  let peer: string | undefined = '10.244.9.9';
  const asked: { readonly peer?: string; readonly forbidden?: readonly string[] }[] = [];
  beforeAll(async () => {
    bench = await createClusterBench({
      nodes: 2,
      fate: (pod: FullPod) =>
        pod.metadata.name.startsWith('automlgen-doctor') ? (life) => life.report(probed(pod)) : fate,
    });
    const { tier, namespace } = bench;
    await tier.gateway.request(`/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies`, {
      method: 'POST',
      body: { metadata: { name: 'deny' }, spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] } },
    });
    await tier.gateway.request(`/api/v1/namespaces/${namespace}/resourcequotas`, {
      method: 'POST',
      body: { metadata: { name: 'quota' }, spec: { hard: { pods: '8' } } },
    });
  });
  afterAll(() => bench.close());

  /** The one that listens runs with an address, or has no room; the one that tries leaves its findings. */
  function probed(pod: FullPod): Readonly<Record<string, unknown>> {
    const request = JSON.parse(pod.spec.containers[0]?.command.at(-1) ?? '{}');
    if (request.listen === undefined) {
      asked.push(request);
      return ended(pod, { main: terminated(0, { message: JSON.stringify(trial) }) });
    }
    return peer === undefined ? ended(pod, { main: terminated(1) }) : { ...started(pod), podIP: peer };
  }

  const kubectl = (...args: readonly string[]): string =>
    execFileSync(KUBECTL ?? 'kubectl', ['--kubeconfig', join(bench.tier.folder, 'admin.kubeconfig'), ...args], {
      encoding: 'utf8',
    });
  /** Does what the fix says, as an administrator would who pastes it. */
  const paste = (fix: string | undefined): void => {
    for (const command of (fix ?? '').split(' && ')) kubectl(...command.replace(/^kubectl /, '').split(' '));
  };
  const check = (gateway: Gateway = bench.tier.gateway, options = { try: false, forbidden: [] as readonly string[] }) =>
    checkCluster(gateway, bench.settings, options);
  const troubles = (findings: readonly Finding[]): readonly Finding[] =>
    findings.filter(({ level }) => level !== 'fine');

  test('a namespace as the chart makes it has no fault', async () => {
    const findings = await check();
    expect(troubles(findings)).toEqual([]);
    const told = findings.map(({ found }) => found).join('\n');
    expect(told).toContain('Kubernetes 1.36');
    expect(told).toContain('all 11 rights');
    expect(told).toContain('class cpu: 2 of');
    expect(told).toContain('a pod of class cpu would be admitted');
  });

  test('a namespace that enforces nothing, and the fix', async () => {
    kubectl('label', 'namespace', bench.namespace, 'pod-security.kubernetes.io/enforce-');
    const [trouble, ...others] = troubles(await check());
    expect(others).toEqual([]);
    expect(trouble).toMatchObject({ level: 'warning', found: expect.stringContaining('PodSecurity nothing') });
    paste(trouble?.fix);
    expect(troubles(await check())).toEqual([]);
  });

  test('a program that could not be admitted: the server says why', async () => {
    const patched = {
      ...bench.settings,
      classes: { cpu: { ...bench.settings.classes.cpu!, podTemplatePatch: { spec: { hostNetwork: true } } } },
    };
    const findings = await checkCluster(bench.tier.gateway, patched, { try: false, forbidden: [] });
    expect(troubles(findings)).toEqual([
      expect.objectContaining({
        level: 'blocked',
        found: expect.stringMatching(/class cpu would be refused.*violates PodSecurity "restricted.*host namespaces/),
        fix: expect.stringContaining('podTemplatePatch'),
      }),
    ]);
  });

  test('an account without rights: exactly what is missing, and commands that grant it', async () => {
    kubectl('create', 'serviceaccount', 'poor', '-n', bench.namespace);
    kubectl(
      'create',
      'role',
      'poor',
      '-n',
      bench.namespace,
      '--verb=get,list,watch',
      '--resource=pods,jobs.batch,events',
    );
    kubectl(
      'create',
      'rolebinding',
      'poor',
      '-n',
      bench.namespace,
      '--role=poor',
      `--serviceaccount=${bench.namespace}:poor`,
    );
    const gateway = gatewayOf(kubectl('create', 'token', 'poor', '-n', bench.namespace).trim());
    try {
      const missing = troubles(await check(gateway));
      expect(missing.map(({ level, found }) => [level, found])).toEqual([
        ['blocked', `may not create, delete jobs in ${bench.namespace}`],
        ['blocked', `may not get pods/log in ${bench.namespace}`],
        ['blocked', `may not create configmaps in ${bench.namespace}`],
      ]);
      for (const { fix } of missing) paste(fix);
      const after = await check(gateway);
      expect(troubles(after)).toEqual([]);
      expect(after.map(({ found }) => found).join('\n')).toContain(
        'quota: not looked at, this identity has no right to',
      );
      expect(RIGHTS.flatMap(({ verbs }) => verbs)).toHaveLength(11);
    } finally {
      gateway.close();
    }
  });

  test('--try makes a pod of the class, judges what it reached and leaves nothing behind', async () => {
    const options = { try: true, forbidden: ['192.0.2.1:443'] };
    expect(troubles(await check(bench.tier.gateway, options))).toEqual([]);
    expect(asked).toEqual([
      expect.objectContaining({ peer: '10.244.9.9:8790', forbidden: ['192.0.2.1:443'], processes: 4200 }),
    ]);
    peer = 'fd00::9';
    trial = { ...CLOSED, peer: 'reached' };
    expect(troubles(await check(bench.tier.gateway, options)).map(({ level, found }) => [level, found])).toEqual([
      ['blocked', expect.stringMatching(/^class cpu: programs reach each other.*not enforced$/)],
    ]);
    expect(asked.at(-1)?.peer).toBe('[fd00::9]:8790');
    peer = undefined;
    trial = { ...CLOSED, peer: null };
    expect(troubles(await check(bench.tier.gateway, options)).map(({ level, found }) => [level, found])).toEqual([
      ['warning', expect.stringContaining('was not tried')],
    ]);
    expect(asked.at(-1)).not.toHaveProperty('peer');
    trial = { ...CLOSED, reached: ['10.96.0.1:443'], token: true };
    expect(troubles(await check(bench.tier.gateway, options)).map(({ level, found }) => [level, found])).toEqual([
      ['blocked', 'class cpu: programs reach 10.96.0.1:443: network policies are not enforced'],
      ['blocked', 'class cpu: a service account token is mounted'],
    ]);
    trial = 'no message of ours';
    expect(troubles(await check(bench.tier.gateway, options))).toEqual([
      expect.objectContaining({ level: 'blocked', found: expect.stringContaining('the trial ended with exit code 0') }),
    ]);
    expect(kubectl('get', 'jobs', '-n', bench.namespace, '-o', 'name')).toBe('');
  });

  test('jobs tells what runs where, what waits and why', async () => {
    const { executor } = bench;
    const running = bench.spec('1');
    await executor.submit(running);
    await until(async () => (await views()).some(({ state }) => state === 'running'));
    fate = imageMissing();
    const missing = bench.spec('2');
    await executor.submit(missing);
    await until(async () => (await views()).some(({ why }) => why?.startsWith('ErrImagePull')));
    const unplaced = bench.another({ machine: { nodeSelector: { fake: 'nowhere' }, slots: 8 } });
    const nowhere = bench.spec('3');
    await unplaced.submit(nowhere);
    await until(async () => (await views()).some(({ why }) => why?.startsWith('Unschedulable')));
    kubectl('patch', 'resourcequota', 'quota', '-n', bench.namespace, '-p', '{"spec":{"hard":{"pods":"3"}}}');
    await sleep(500);
    const refused = bench.spec('4');
    await unplaced.submit(refused);
    await until(async () => (await views()).some(({ state }) => state === 'refused'));

    const byId = new Map((await views()).map((view) => [view.job, view]));
    expect(byId.get(running.id)).toMatchObject({
      state: 'running',
      machine: expect.stringContaining(bench.namespace),
      class: 'cpu',
      node: 'n1',
    });
    expect(byId.get(missing.id)).toMatchObject({ state: 'starting', why: expect.stringContaining('failed to pull') });
    expect(byId.get(nowhere.id)).toMatchObject({ state: 'waiting', why: expect.stringMatching(/nodes are available/) });
    expect(byId.get(nowhere.id)).not.toHaveProperty('machine');
    expect(byId.get(refused.id)).toMatchObject({ state: 'refused', why: expect.stringContaining('exceeded quota') });
    expect(await clusterJobs(bench.tier.gateway, bench.namespace, { class: 'gpu' })).toEqual([]);
    for (const { id } of [running, missing, nowhere, refused]) await executor.cancel(id, 'seen');
  });

  test('without a cluster the check is fine and asks nobody', async () => {
    expect(await checkKubernetes({ try: false, environment: {} })).toEqual([
      expect.objectContaining({ level: 'fine' }),
    ]);
  });

  test('settings that are not usable are one finding, with what to do', async () => {
    const environment = { AUTOMLGEN_EXECUTOR: 'kubernetes' };
    expect(await checkKubernetes({ try: false, environment })).toEqual([
      expect.objectContaining({ level: 'blocked', found: expect.stringContaining('image'), fix: expect.any(String) }),
    ]);
  });

  function views(): Promise<readonly JobView[]> {
    return clusterJobs(bench.tier.gateway, bench.namespace);
  }

  function gatewayOf(token: string): Gateway {
    const config = JSON.parse(kubectl('config', 'view', '--raw', '-o', 'json'));
    config.users = [{ name: config.users[0].name, user: { token } }];
    const path = join(bench.root, 'poor.kubeconfig');
    writeFileSync(path, JSON.stringify(config));
    const before = process.env.KUBECONFIG;
    process.env.KUBECONFIG = path;
    try {
      return createGateway();
    } finally {
      if (before !== undefined) process.env.KUBECONFIG = before;
    }
  }
});

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 200; turn += 1) {
    if (await holds()) return;
    await sleep(50);
  }
  throw new Error('it did not come to pass within 10 s');
}
