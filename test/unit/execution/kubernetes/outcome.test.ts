/** What becomes of verdict, report and files together. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { UserError } from '../../../../src/domain/errors.js';
import type { OutputFile } from '../../../../src/domain/outcome.js';
import type { Verdict } from '../../../../src/execution/kubernetes/evidence.js';
import type { Pod } from '../../../../src/execution/kubernetes/objects.js';
import { outcomeOfExecution } from '../../../../src/execution/kubernetes/outcome.js';
import { type Part, partsOf } from '../../../../src/execution/kubernetes/parts.js';
import { terminationMessageOf } from '../../../../src/execution/kubernetes/report.js';
import { classOf, loadKubernetesSettings } from '../../../../src/execution/kubernetes/settings.js';
import type { Status } from '../../../../src/execution/local/status.js';
import { statusOf } from '../../../support/kubernetes/fake-collector.js';

const FILE = { view: 'main', name: 'submission.csv', blob: 'b'.repeat(64), bytes: 9 } as OutputFile;
const FAILED = { failed: true, outputs: [] };
const RAN: Pod = podWith('main', {
  terminated: { exitCode: 0, startedAt: '2026-11-21T12:00:00Z', finishedAt: '2026-11-21T12:01:00Z' },
});

function part(gpus = 0): Part {
  const [only] = partsOf({
    id: 'aml-aaaaaaaaaaaaaaaaaaaa',
    runId: 'task-20260101-abcdef',
    nodeId: 'n1',
    program: 'a'.repeat(64),
    views: [{ name: 'main', input: '/x' }],
    limits: { cpus: 1, memoryMiB: 512, diskMiB: 64, shmMiB: 32, gpus, pids: 64, runSeconds: 20 },
    network: 'none',
    environment: {},
    outputs: ['submission.csv', 'probabilities.csv'],
  } as unknown as Part);
  if (!only) throw new Error('no part');
  return only;
}

function podWith(name: string, state: object): Pod {
  return { metadata: { name: 'p' }, status: { containerStatuses: [{ name, state }] } };
}

function outcomeFor(
  verdict: Verdict,
  given: { status?: Status; files?: OutputFile[]; log?: string; gpus?: number } = {},
) {
  const { status, files = [], log = '', gpus = 0 } = given;
  return outcomeOfExecution({ spec: part(gpus), verdict, status, files, lost: false, pod: RAN, log });
}

describe('the verdict of the cluster and the report of the collector', () => {
  const exited = (exitCode: number): Verdict => ({ kind: 'exited', exitCode });
  const evicted: Verdict = { kind: 'infrastructure', cause: 'evicted', message: 'The pod was evicted: pressure.' };

  test('whole results are results, whatever took the pod away afterwards', () => {
    for (const verdict of [exited(0), evicted, { kind: 'memory', message: 'OOMKilled' }] as const)
      expect(outcomeFor(verdict, { status: statusOf(), files: [FILE] })).toMatchObject({
        kind: 'finished',
        files: [FILE],
      });
  });

  test('a report alone is no result: a program may write its own', () => {
    expect(outcomeFor(exited(0), { status: statusOf() })).toMatchObject({
      kind: 'infrastructure',
      cause: 'results-lost',
    });
    expect(outcomeFor(evicted, { status: statusOf() })).toMatchObject({ kind: 'infrastructure', cause: 'evicted' });
  });

  test('cancelled is cancelled, with nothing to score', () => {
    const verdict: Verdict = { kind: 'cancelled', message: 'Cancelled: enough.' };
    expect(outcomeFor(verdict, { status: statusOf(), files: [FILE] })).toMatchObject({ kind: 'cancelled', files: [] });
  });

  test('the cluster’s word on memory, disk and time wins over how the program says that it failed', () => {
    const status = statusOf({ stderrTail: 'BrokenProcessPool: a worker died\n' }, { exitCode: 1, ...FAILED });
    for (const kind of ['memory', 'disk', 'timeout'] as const) {
      const outcome = outcomeFor({ kind, message: 'The kernel ended it.' }, { status });
      expect(outcome).toMatchObject({
        kind,
        message: 'The kernel ended it.',
        stderrTail: expect.stringContaining('Broken'),
      });
    }
  });

  test.each([
    [1, 'CUDA out of memory. Tried to allocate 20 GiB', 'gpu-memory'],
    [1, 'Traceback (most recent call last):\nKeyError: 3', 'exception'],
    [1, 'MemoryError', 'memory'],
    [124, '', 'timeout'],
    [122, '', 'memory'],
    [121, '', 'disk'],
    [120, '', 'exception'],
    [119, '', 'no-output'],
    [118, '', 'infrastructure'],
    [143, '', 'infrastructure'],
    [0, '', 'infrastructure'],
  ])('exit code %i and log %j alone: %s', (code, log, kind) => {
    expect(outcomeFor(exited(code), { log })).toMatchObject({ kind, files: [] });
  });

  test('an order to end that nobody of ours gave is no failure of the program', () => {
    const status = statusOf({ cancelled: 'the supervisor was asked to end' }, { verdict: 'cancelled', ...FAILED });
    expect(outcomeFor(exited(143), { status })).toMatchObject({ kind: 'infrastructure', cause: 'killed' });
  });

  test('a device is paid for as long as its container ran', () => {
    expect(outcomeFor(exited(0), { status: statusOf(), files: [FILE], gpus: 2 })).toMatchObject({
      seconds: 0.5,
      gpuSeconds: 120,
    });
    expect(outcomeFor(evicted, { gpus: 1 })).toMatchObject({ seconds: 60, gpuSeconds: 60 });
    expect(outcomeFor(exited(0), { status: statusOf(), files: [FILE] }).gpuSeconds).toBe(0);
  });
});

describe('the termination message', () => {
  const pod = (message: string): Pod => podWith('collector', { terminated: { exitCode: 0, message } });

  test('is read when it is ours, and nothing else is believed', () => {
    const ours = {
      v: 1,
      uploaded: false,
      error: 'away',
      files: [['main', 'submission.csv', 9, 'aa']],
      status: statusOf(),
    };
    expect(terminationMessageOf(pod(JSON.stringify(ours)))).toMatchObject({ uploaded: false, files: ours.files });
    for (const text of ['', 'Killed', '{"v":1}', '[1]', JSON.stringify({ ...ours, v: 2 })])
      expect(terminationMessageOf(pod(text))).toBeUndefined();
    expect(terminationMessageOf(undefined)).toBeUndefined();
  });
});

describe('settings', () => {
  test('file, environment over file, defaults; a class that is not there is named with those that are', () => {
    const folder = mkdtempSync(join(tmpdir(), 'automlgen-settings-'));
    const path = join(folder, 'k.yaml');
    writeFileSync(path, 'namespace: one\nimage: a\nartefacts: {url: "http://a:1"}\nclasses: {gpu: {gpus: 1}}\n');
    const settings = loadKubernetesSettings({ AUTOMLGEN_KUBERNETES: path, AUTOMLGEN_KUBERNETES_NAMESPACE: 'two' });
    expect(settings).toMatchObject({
      namespace: 'two',
      image: 'a',
      artefacts: { url: 'http://a:1', listen: ':8790' },
    });
    expect(classOf(settings, 'gpu')).toMatchObject({ gpus: 1, gpuResource: 'nvidia.com/gpu', slots: 2 });
    expect(() => classOf(settings, 'cpu')).toThrow(/there are gpu/);
    rmSync(folder, { recursive: true });
  });

  test.each([
    ['no image', { AUTOMLGEN_ARTEFACT_URL: 'http://a:1' }, /image/],
    ['no address', { AUTOMLGEN_KUBERNETES_IMAGE: 'a' }, /artefacts/],
    ['no file', { AUTOMLGEN_KUBERNETES: '/nonexistent.yaml' }, /nonexistent/],
  ])('%s is refused with the next step', (_, environment, words) => {
    const attempt = () => loadKubernetesSettings(environment as NodeJS.ProcessEnv);
    expect(attempt).toThrow(UserError);
    expect(attempt).toThrow(words);
  });
});
