/** Recorded runs are replayed under today's code: a decision that changed without notice fails here, and is named. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { historyFromJSON, historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { temporal } from '@temporalio/proto';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { replayHistory } from '../../src/worker/replay.js';
import { bundleWorkflows } from '../support/temporal-bundle.js';

const FOLDER = fileURLToPath(new URL('./histories', import.meta.url));
const NAMES = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));
const read = (name: string) => readFileSync(join(FOLDER, name), 'utf8');

let code: string;

beforeAll(async () => {
  const telemetryOptions = { logging: { filter: 'OFF', forward: {} } };
  Runtime.install({ logger: new DefaultLogger('ERROR', () => undefined), telemetryOptions });
  ({ code } = await bundleWorkflows());
});

describe('golden histories', () => {
  test('cover every way a run can go', () => {
    const scenes = new Set(NAMES.map((name) => name.replace(/(-\d+)?\.json$/, '')));
    const wanted = [
      'cancelled',
      'continued',
      'folds',
      'parted',
      'paused',
      'plain',
      'released',
      'steered',
      'worker-killed',
    ];
    expect([...scenes].sort()).toEqual(wanted);
    for (const scene of ['continued-', 'parted-'])
      expect(NAMES.filter((name) => name.startsWith(scene)).length).toBeGreaterThanOrEqual(3);
  });

  test.each(NAMES)('%s replays', async (name) => {
    const report = await replayHistory(read(name), { code });
    expect(report).toMatchObject({ kind: 'ok' });
    expect((report as { events: number }).events).toBeGreaterThan(80);
  });

  /** A link that took over carries a state besides. */
  const whole = NAMES.filter((name) => !/^(continued|parted)-[^1]/.test(name));

  test.each(whole)('%s costs at most 40 events and 10 KB per node', (name) => {
    const history = historyFromJSON(JSON.parse(read(name)));
    const events = history.events ?? [];
    const nodes = events.filter(
      (event) => event.activityTaskScheduledEventAttributes?.activityType?.name === 'proposeNode',
    );
    expect(events.length / nodes.length).toBeLessThan(40);
    const bytes = temporal.api.history.v1.History.encode(history).finish().length;
    expect(bytes / nodes.length).toBeLessThan(10_240);
  });
});

test('a suite that charged a run ended from outside with nothing replays as it was', async () => {
  const history = readFileSync(join(FOLDER, '../suites/histories/run-lost-uncharged.json'), 'utf8');
  expect(await replayHistory(history, { code })).toMatchObject({ kind: 'ok' });
  // Without the patch it would close a ledger of which that history knows nothing.
  const always = code.replaceAll('patched)(CHARGED)', 'patched, () => true)(CHARGED)');
  expect(always).not.toBe(code);
  expect(await replayHistory(history, { code: always })).toMatchObject({ kind: 'diverged' });
});

test('a state that was stored in parts is stored in parts again, and one that was not is not', async () => {
  // As it was before: whatever is below two thousand nodes is handed over in one piece.
  const before = code.replaceAll('patched)(IN_PARTS)', 'patched, () => false)(IN_PARTS)');
  expect(before).not.toBe(code);
  expect(await replayHistory(read('parted-1.json'), { code: before })).toMatchObject({ kind: 'diverged' });
  expect(await replayHistory(read('continued-1.json'), { code: before })).toMatchObject({ kind: 'ok' });
  // What was taken over in parts is handed over in parts, whatever the patch says.
  expect(await replayHistory(read('parted-2.json'), { code: before })).toMatchObject({ kind: 'ok' });
});

describe('a divergence', () => {
  /** The bundle with one string of the workflow replaced. */
  const changed = (from: string, to: string) => {
    expect([from, code.includes(from)]).toEqual([from, true]);
    return { code: code.replaceAll(from, to) };
  };

  /** Event of the first activity of a type in the plain history. */
  const firstOf = (type: string) => {
    const events = historyFromJSON(JSON.parse(read('plain.json'))).events ?? [];
    return Number(
      events.find((event) => event.activityTaskScheduledEventAttributes?.activityType?.name === type)?.eventId,
    );
  };

  test('by a search that draws differently is found at the first decision that differs, although it asks for the same activities', async () => {
    const report = await replayHistory(read('plain.json'), changed('seed: (0,_random_js', 'seed: 1 + (0,_random_js'));
    const eventId = firstOf('proposeNode');
    expect(report).toMatchObject({ kind: 'diverged', eventId, decision: 'proposeNode "n1 draft"' });
    expect((report as { message: string }).message).toContain("'propose n1 draft root");
  });

  test('by more drafts names what was decided and what this code decides in its place', async () => {
    const report = await replayHistory(read('plain.json'), changed('Math.floor(Math.min(wanted, expected / 4))', '9'));
    expect(report).toMatchObject({ kind: 'diverged', decision: expect.stringMatching(/^proposeNode "n\d+ improve/) });
    expect((report as { instead: string }).instead).toMatch(/^propose n\d+ draft root \d+$/);
  });

  test('by an activity of another type is found at the first such decision', async () => {
    const report = await replayHistory(read('plain.json'), changed('evaluateNode', 'evaluateMode'));
    expect(report).toMatchObject({ kind: 'diverged', message: expect.stringContaining('TMPRL1100') });
    const { decision, eventId } = report as { decision: string; eventId: number };
    expect(decision).toMatch(/^evaluateNode "n\d+ score"$/);
    expect(eventId).toBe(firstOf('evaluateNode'));
  });
});

describe('a file that is no history', () => {
  test.each(['', '{}', '{"events":[]}', '[1]', 'null', '{"events":[{"eventId":"x"}]}'])('%j', async (text) => {
    await expect(replayHistory(text, { code })).rejects.toMatchObject({ code: 'history-unreadable' });
  });
});

describe('the JSON of a history', () => {
  test('survives a round trip through a file and replays from there', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'automlgen-history-'));
    const path = join(folder, 'history.json');
    writeFileSync(path, historyToJSON(historyFromJSON(JSON.parse(read('cancelled.json')))));
    expect(await replayHistory(JSON.parse(readFileSync(path, 'utf8')), { code })).toMatchObject({ kind: 'ok' });
    rmSync(folder, { recursive: true });
  });

  /** npm hoists protobufjs 7 otherwise, two copies of 8 disagree about a class, and no JSON history can be read (SDK 1.24.0). */
  test('needs one shared protobufjs 8', () => {
    const require = createRequire(import.meta.url);
    const from = (name: string) => createRequire(require.resolve(name)).resolve('protobufjs');
    const shared = require.resolve('protobufjs');
    expect([from('@temporalio/common'), from('@temporalio/proto')]).toEqual([shared, shared]);
    const { version } = JSON.parse(readFileSync(join(dirname(shared), 'package.json'), 'utf8')) as { version: string };
    expect(version.startsWith('8.')).toBe(true);
    expect(shared.split(`${sep}node_modules${sep}`)).toHaveLength(2);
  });
});
