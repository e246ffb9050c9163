/** What a worker knows of its cluster, over an API that drops, refuses and forgets. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from '@jest/globals';
import { ApiError } from '../../../../src/execution/kubernetes/api-error.js';
import { createMirror, type Mirror } from '../../../../src/execution/kubernetes/mirror.js';
import { JobName } from '../../../../src/execution/kubernetes/parts.js';
import { type FakeApi, fakeApi, jobOf, podOf } from '../../../support/kubernetes/fake-api.js';

const NAME = JobName.parse('aml-aaaaaaaaaaaaaaaaaaaa');
const OTHER = JobName.parse('aml-bbbbbbbbbbbbbbbbbbbb');
/** Longer than any test takes, and shorter than a turn of the lists. */
const LONG = 60;
const SHORT = 0.05;

let mirror: Mirror | undefined;
afterEach(() => mirror?.close());

function over(cluster: FakeApi, lostSeconds: number, log?: (message: string) => void): Mirror {
  mirror = createMirror(cluster.gateway, { namespace: 'runs', relistSeconds: 45, lostSeconds }, log);
  return mirror;
}

test('Jobs of other replicas come and go without a trace', async () => {
  const cluster = fakeApi();
  cluster.put('jobs', jobOf(NAME));
  const seen = over(cluster, SHORT);
  await followed(seen, cluster);
  expect(seen.of(NAME).job?.metadata.uid).toBe(`job of ${NAME}`);
  for (let turn = 0; turn < 20; turn += 1) {
    const name = JobName.parse(`aml-cccccccccccccccccccc-v${turn}`);
    cluster.put('jobs', jobOf(name));
    cluster.put('pods', podOf(name));
  }
  await until(() => seen.size() === 21 && seen.jobs().length === 21);
  for (const kind of ['jobs', 'pods'] as const) cluster.empty(kind);
  await until(() => seen.jobs().length === 0);
  expect(seen.of(NAME)).toMatchObject({ jobGone: true });
  await until(() => {
    cluster.endWatches();
    return seen.size() === 0;
  });
});

test('what is gone is kept for whoever waits for it, and for a while for whoever asks', async () => {
  const cluster = fakeApi();
  for (const name of [NAME, OTHER]) {
    cluster.put('jobs', jobOf(name));
    cluster.put('pods', podOf(name));
  }
  const patient = over(cluster, LONG);
  const hasty = createMirror(cluster.gateway, { namespace: 'runs', relistSeconds: 45, lostSeconds: SHORT });
  await Promise.all([patient.ready(), hasty.ready()]);
  await until(() => cluster.watches() === 4);
  const stop = new AbortController();
  // Changes wake it, so it waits again, as those do who wait for a program.
  const waiting = (async () => {
    while (!stop.signal.aborted) await hasty.changed(NAME, 60_000, stop.signal);
  })();
  try {
    for (const kind of ['jobs', 'pods'] as const) cluster.empty(kind);
    await until(() => {
      cluster.endWatches();
      return hasty.size() === 1;
    });
    expect(hasty.of(NAME)).toMatchObject({ jobGone: true, podGone: true, pod: { metadata: { name: `${NAME}-x` } } });
    expect(patient.size()).toBe(2);
    patient.forget(OTHER);
    expect(patient.size()).toBe(1);
  } finally {
    stop.abort();
    await waiting;
    hasty.close();
  }
});

test('a name that was released and is made again is kept like a new one', async () => {
  const cluster = fakeApi();
  cluster.put('jobs', jobOf(NAME));
  const seen = over(cluster, LONG);
  await followed(seen, cluster);
  seen.forget(NAME);
  expect(seen.size()).toBe(1);
  cluster.put('jobs', jobOf(NAME, 'another'));
  await until(() => seen.of(NAME).job?.metadata.uid === 'another');
  cluster.empty('jobs');
  await until(() => seen.of(NAME).jobGone);
  expect(seen.size()).toBe(1);
});

test('a version that the server has forgotten is answered by a whole list', async () => {
  const cluster = fakeApi();
  const said: string[] = [];
  const seen = over(cluster, LONG, (message) => said.push(message));
  await followed(seen, cluster);
  const lists = cluster.lists();
  cluster.silently('jobs', { added: jobOf(NAME) });
  cluster.say({ type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired', message: 'too old' } });
  await until(() => seen.of(NAME).job !== undefined);
  expect(cluster.lists()).toBeGreaterThan(lists);
  cluster.put('jobs', jobOf(OTHER));
  await until(() => seen.of(OTHER).job !== undefined);
  expect(said).toEqual([]);
});

test('a watch that breaks is said once and goes on with all that happened meanwhile', async () => {
  const cluster = fakeApi();
  cluster.put('pods', podOf(NAME));
  const said: string[] = [];
  const seen = over(cluster, LONG, (message) => said.push(message));
  await followed(seen, cluster);
  cluster.silently('pods', { added: podOf(OTHER), removed: podOf(NAME) });
  cluster.breakWatches(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }));
  await until(() => seen.of(OTHER).pod !== undefined && seen.of(NAME).podGone);
  await until(() => said.length === 2);
  expect([...said].sort()).toEqual([
    '/api/v1/namespaces/runs/pods cannot be watched (failure 1): read ECONNRESET',
    '/apis/batch/v1/namespaces/runs/jobs cannot be watched (failure 1): read ECONNRESET',
  ]);
  cluster.put('jobs', jobOf(NAME));
  await until(() => seen.of(NAME).job !== undefined);
});

test.each([401, 403])('lists refused with %d reach whoever waits, and are over when they are over', async (status) => {
  const cluster = fakeApi();
  const said: string[] = [];
  const seen = over(cluster, SHORT, (message) => said.push(message));
  await followed(seen, cluster);
  cluster.refuse(new ApiError(status, 'Forbidden', 'pods is forbidden: no', 0));
  cluster.endWatches();
  await until(() =>
    seen.ready().then(
      () => false,
      () => true,
    ),
  );
  await expect(seen.ready()).rejects.toMatchObject({ status, message: 'pods is forbidden: no' });
  expect(said).toContain('/api/v1/namespaces/runs/pods cannot be listed (failure 1): pods is forbidden: no');
  cluster.refuse(undefined);
  cluster.silently('jobs', { added: jobOf(NAME) });
  await until(() => seen.of(NAME).job !== undefined);
  await until(() =>
    seen.ready().then(
      () => true,
      () => false,
    ),
  );
  // The first failure of each kind, and that it is over; not every try.
  expect(said.length).toBeLessThanOrEqual(4);
});

test('a short refusal, and a server that is away, are waited for', async () => {
  const cluster = fakeApi();
  const said: string[] = [];
  const patient = over(cluster, LONG, (message) => said.push(message));
  await followed(patient, cluster);
  cluster.refuse(new ApiError(403, 'Forbidden', 'no', 0));
  cluster.endWatches();
  await until(() => said.length === 2);
  await patient.ready();
  patient.close();
  cluster.refuse(undefined);
  const hasty = over(cluster, SHORT, (message) => said.push(message));
  await followed(hasty, cluster);
  cluster.refuse(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }));
  cluster.endWatches();
  await until(() => said.filter((one) => one.includes('ECONNREFUSED')).length === 2);
  await sleep(2 * SHORT * 1000);
  await hasty.ready();
});

test('the first list that fails is told, and tried again by the next who asks; each kind is followed once', async () => {
  const cluster = fakeApi();
  const seen = over(cluster, LONG);
  cluster.refuse(new ApiError(403, 'Forbidden', 'no', 0), 'pods');
  await expect(seen.ready()).rejects.toMatchObject({ status: 403 });
  expect(cluster.watches()).toBe(0);
  cluster.refuse(undefined);
  await followed(seen, cluster);
  expect(cluster.watches()).toBe(2);
  seen.close();
  await until(() => cluster.watches() === 0);
});

async function followed(seen: Mirror, cluster: FakeApi): Promise<void> {
  await seen.ready();
  await until(() => cluster.watches() === 2);
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`In vain: ${holds}`);
    await sleep(10);
  }
}
