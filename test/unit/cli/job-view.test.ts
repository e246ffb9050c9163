import { describe, expect, test } from '@jest/globals';
import { type ClusterEvent, jobView } from '../../../src/cli/job-view.js';
import { jobLines, jobTotals } from '../../../src/cli/render/jobs.js';
import type { Job, Pod } from '../../../src/execution/kubernetes/objects.js';

const CREATED = '2026-01-01T10:00:00Z';
const LATER = '2026-01-01T10:05:00Z';
const NAME = 'aml-abcdefghijklmnopqrst';

const job = (over: Partial<Job> = {}): Job => ({
  metadata: {
    name: NAME,
    creationTimestamp: CREATED,
    labels: {
      'automlgen.dev/run': 'p02-birthweight-20260101-abcdef',
      'automlgen.dev/node': 'n7',
      'automlgen.dev/class': 'cpu',
    },
  },
  ...over,
});
const condition = (type: string, over: object = {}) => ({ type, status: 'True', lastTransitionTime: LATER, ...over });
const pod = (status: Pod['status'] = {}, over: Partial<Pod> = {}): Pod => ({
  metadata: { name: `${NAME}-xyz`, creationTimestamp: CREATED },
  ...(status && { status }),
  ...over,
});
const placed = { spec: { nodeName: 'machine-1' } };
const scheduled = { conditions: [{ type: 'PodScheduled', status: 'True', lastTransitionTime: LATER }] };
const event = (reason: string, message: string, at = LATER): ClusterEvent => ({
  involvedObject: { name: NAME },
  reason,
  message,
  lastTimestamp: at,
});

describe('what a Job waits for, or how it ended', () => {
  test.each<{ name: string; view: ReturnType<typeof jobView>; expected: object }>([
    {
      name: 'held by a queue',
      view: jobView(job({ spec: { suspend: true } }), undefined, []),
      expected: { state: 'held', since: new Date(CREATED), why: expect.stringContaining('queue') },
    },
    {
      name: 'refused by admission: only an event says so',
      view: jobView(job(), undefined, [
        event('FailedCreate', 'an older refusal', CREATED),
        event('FailedCreate', 'pods "x" is forbidden: exceeded quota: automlgen'),
      ]),
      expected: { state: 'refused', why: expect.stringContaining('exceeded quota') },
    },
    {
      name: 'young, without a pod and without an event',
      view: jobView(job(), undefined, []),
      expected: { state: 'waiting', since: new Date(CREATED) },
    },
    {
      name: 'no machine fits',
      view: jobView(
        job(),
        pod({
          phase: 'Pending',
          conditions: [
            {
              type: 'PodScheduled',
              status: 'False',
              reason: 'Unschedulable',
              message: '0/3 nodes: Insufficient nvidia.com/gpu',
            },
          ],
        }),
        [],
      ),
      expected: { state: 'waiting', why: 'Unschedulable: 0/3 nodes: Insufficient nvidia.com/gpu' },
    },
    {
      name: 'the image cannot be pulled',
      view: jobView(
        job(),
        pod(
          {
            ...scheduled,
            initContainerStatuses: [{ name: 'collector', state: { waiting: { reason: 'PodInitializing' } } }],
            containerStatuses: [
              { name: 'main', state: { waiting: { reason: 'ImagePullBackOff', message: 'Back-off pulling' } } },
            ],
          },
          placed,
        ),
        [],
      ),
      expected: {
        state: 'starting',
        machine: 'machine-1',
        since: new Date(LATER),
        why: 'ImagePullBackOff: Back-off pulling',
      },
    },
    {
      name: 'a volume cannot be mounted',
      view: jobView(
        job(),
        pod(
          { ...scheduled, containerStatuses: [{ name: 'main', state: { waiting: { reason: 'ContainerCreating' } } }] },
          placed,
        ),
        [event('FailedMount', 'configmap "x" not found')],
      ),
      expected: { state: 'starting', why: 'FailedMount: configmap "x" not found' },
    },
    {
      name: 'its data is on the way',
      view: jobView(
        job(),
        pod(
          { ...scheduled, initContainerStatuses: [{ name: 'fetch', state: { running: { startedAt: LATER } } }] },
          placed,
        ),
        [],
      ),
      expected: { state: 'starting', why: 'fetching its data' },
    },
    {
      name: 'at work',
      view: jobView(
        job(),
        pod(
          {
            phase: 'Running',
            ...scheduled,
            containerStatuses: [{ name: 'main', state: { running: { startedAt: LATER } } }],
          },
          placed,
        ),
        [event('FailedMount', 'a fault of before')],
      ),
      expected: { state: 'running', machine: 'machine-1', since: new Date(LATER) },
    },
    {
      name: 'ended by the kernel',
      view: jobView(
        job({ status: { conditions: [condition('FailureTarget', { reason: 'BackoffLimitExceeded' })] } }),
        pod({
          phase: 'Failed',
          containerStatuses: [{ name: 'main', state: { terminated: { exitCode: 137, reason: 'OOMKilled' } } }],
        }),
        [],
      ),
      expected: { state: 'failed', why: 'OOMKilled, exit code 137; BackoffLimitExceeded' },
    },
    {
      name: 'ended by its deadline: the reason of the pod counts',
      view: jobView(
        job({ status: { conditions: [condition('Failed', { reason: 'BackoffLimitExceeded' })] } }),
        pod({ phase: 'Failed', reason: 'DeadlineExceeded' }),
        [],
      ),
      expected: { state: 'failed', why: 'DeadlineExceeded; BackoffLimitExceeded' },
    },
    {
      name: 'done',
      view: jobView(job({ status: { conditions: [condition('Complete')] } }), undefined, []),
      expected: { state: 'finished', since: new Date(LATER) },
    },
    {
      name: 'being removed while it runs',
      view: jobView(
        { metadata: { ...job().metadata, deletionTimestamp: LATER } },
        pod({ phase: 'Running' }, placed),
        [],
      ),
      expected: { state: 'ending', since: new Date(LATER) },
    },
  ])('$name', ({ view, expected }) => {
    expect(view).toMatchObject({ job: NAME, node: 'n7', class: 'cpu', ...expected });
  });
});

test('the table fits the screen and the message is on one line', () => {
  const waiting = jobView(job(), undefined, [event('FailedCreate', 'line one\nline two '.repeat(20))]);
  const lines = jobLines([waiting], new Date(LATER), 100);
  expect(lines).toHaveLength(2);
  for (const line of lines) expect([...line].length).toBeLessThanOrEqual(100);
  expect(lines[1]).toContain('5 min 00 s');
});

test('totals name the busy ones first and nothing that is not there', () => {
  const running = jobView(job(), pod({ containerStatuses: [{ name: 'main', state: { running: {} } }] }, placed), []);
  const held = jobView(job({ spec: { suspend: true } }), undefined, []);
  expect(jobTotals([held, running, running])).toBe('2 running, 1 held.');
  expect(jobTotals([])).toBe('No Jobs.');
});
