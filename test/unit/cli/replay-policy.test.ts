import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { Command } from 'commander';
import { policyReplayLines } from '../../../src/cli/render/policy-replay.js';
import { registerReplay } from '../../../src/cli/replay.js';
import { compareWith, moveText } from '../../../src/cli/replay-policy.js';
import { recordedIn, replayPolicy } from '../../../src/cli/replay-policy-command.js';
import type { SearchEvent } from '../../../src/domain/run-event.js';
import { scoreText } from '../../../src/results/number.js';
import { apply } from '../../../src/search/apply.js';
import { decide } from '../../../src/search/decide.js';
import { initialState } from '../../../src/search/initial-state.js';
import type { SearchState } from '../../../src/search/state.js';
import { PROFILES, searchLandscape } from '../../support/nk-world.js';
import { CONFIG } from '../../support/scripted-world.js';

const TASK = { seed: 5, k: 3, noise: 0.3, nodes: 50, slots: 2, profile: PROFILES['strong-2026'] };
const { events } = searchLandscape(TASK, 'mcgs').run;
const config = { ...CONFIG, seed: 5, slots: 2, executions: 50, budgetMs: 350_000 };
const start = { config, direction: 'maximise' as const, startedMs: 0, slots: 2 };
const expansions = events.flatMap((event) => (event.kind === 'reserved' ? [event] : []));

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});
const folderWith = (files: Readonly<Record<string, string>>): string => {
  const folder = mkdtempSync(join(tmpdir(), 'automlgen-replay-'));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return join(folder, 'events.jsonl');
};
const written = (list: readonly SearchEvent[]) => list.map((event) => `${JSON.stringify(event)}\n`).join('');

test('asked about its own run, a policy says what it did, move for move and number for number', () => {
  const replay = compareWith(initialState(start), events, 'mcgs');
  expect(replay).toMatchObject({
    expansions: expansions.length,
    same: expansions.length,
    sameParent: expansions.length,
  });
  expect(replay.comparisons.map(({ other }) => other?.why)).toEqual(expansions.map(({ why }) => why));
});

test('another policy is asked in the states of the run, and every difference has its answer', () => {
  const replay = compareWith(initialState(start), events, 'greedy', 'aide-mlebench');
  expect(replay).toMatchObject({ policy: 'greedy', preset: 'aide-mlebench', expansions: expansions.length });
  expect(replay.same).toBeGreaterThan(0);
  expect(replay.sameParent).toBeGreaterThanOrEqual(replay.same);
  expect(replay.same).toBeLessThan(expansions.length);
  const greedy = { ...config, policy: 'greedy' as const, preset: 'aide-mlebench' as const };
  let state: SearchState = initialState(start);
  const asked = events.flatMap((event) => {
    const decision = event.kind === 'reserved' ? decide({ ...state, config: greedy }) : undefined;
    state = apply(state, event);
    return decision ? [decision.kind === 'expand' ? decision.parent : decision.kind] : [];
  });
  expect(replay.comparisons.map(({ other, instead }) => other?.parent ?? instead)).toEqual(asked);
});

test('a policy that only drafts agrees with the drafts and with nothing else', () => {
  const replay = compareWith(initialState(start), events, 'draft-only');
  const drafts = expansions.filter(({ operator }) => operator === 'draft').length;
  expect(drafts).toBeGreaterThan(0);
  expect(replay.same).toBe(drafts);
  for (const { same, chosen, other } of replay.comparisons) expect(same).toBe(chosen.operator === other?.operator);
});

test('what a person added is passed over, and a policy with nothing to expand is quoted with what it would have done', () => {
  const added = { by: 'somebody', at: 1 } as never;
  const second = expansions[1];
  const marked = events.map((event) => (event === second ? { ...event, added } : event));
  expect(compareWith(initialState(start), marked, 'mcgs').expansions).toBe(expansions.length - 1);
  const ended = { ...start, config: { ...config, executions: 1 } };
  const replay = compareWith(initialState(ended), events.slice(0, 4), 'greedy');
  expect(replay.comparisons.at(-1)).toMatchObject({ instead: 'wait', same: false, sameParent: false });
  expect(policyReplayLines(replay, 'mcgs').join('\n')).toContain('  greedy: none (wait)');
});

test('the text names node, choice, other choice and the numbers of both, and ends with the share', () => {
  const replay = compareWith(initialState(start), events, 'top-k');
  const lines = policyReplayLines(replay, 'mcgs');
  const different = replay.comparisons.find(({ same, chosen, other }) => !same && chosen.why.path.length > 0 && other);
  const at = lines.findIndex((line) => line.startsWith(`${different?.nodeId}: `));
  const block = lines.slice(at, lines.indexOf('', at));
  const [firstArm] = different?.chosen.why.path[0]?.arms ?? [];
  expect(block[0]).toMatch(/^n\d+: (improve \((tune|features|strategy)\)|debug|fuse|evolve) of n\d+/);
  expect(block.join('\n')).toContain(
    `${firstArm?.arm} ${firstArm?.value.toFixed(3)} + ${firstArm?.exploration.toFixed(3)}`,
  );
  expect(block.filter((line) => line.includes('why: '))).toHaveLength(2);
  expect(block.some((line) => line.startsWith('  top-k: '))).toBe(true);
  const count = replay.expansions - replay.same;
  const share = Math.round((100 * count) / replay.expansions);
  expect(lines.at(-3)).toContain(
    `otherwise in ${count} of ${replay.expansions} expansions of this mcgs run (${share} %)`,
  );
});

test('beside each difference stands what came of it, and a policy that never differs is told in one line', () => {
  const replay = compareWith(initialState(start), events, 'top-k');
  const ends = new Map<string, unknown>();
  for (const event of events) {
    if (event.kind === 'finished') ends.set(event.nodeId, event.score);
    if (event.kind === 'failed') ends.set(event.nodeId, event.failure);
  }
  expect(ends.size).toBeGreaterThan(40);
  expect(replay.comparisons.map(({ result }) => result)).toEqual(
    replay.comparisons.map(({ nodeId }) => ends.get(nodeId)),
  );
  const lines = policyReplayLines(replay, 'mcgs');
  const heads = replay.comparisons.flatMap(({ same, nodeId, result }) => {
    if (same) return [];
    const came = typeof result === 'object' ? scoreText(result) : (result ?? 'not finished');
    return [[nodeId, came]];
  });
  expect(heads.some(([, came]) => came === 'exception')).toBe(true);
  const shown = lines.filter((line) => line.includes(' → ') && /^n\d+: /.test(line));
  expect(shown.map((line) => [line.split(':')[0], line.split(' → ').at(-1)])).toEqual(heads);
  expect(lines.at(-2)).toContain('An arm is its value + its exploration');
  expect(policyReplayLines(compareWith(initialState(start), events, 'mcgs'), 'mcgs')).toEqual([
    `mcgs would have made the same move in all ${expansions.length} expansions of this mcgs run.`,
  ]);
});

test.each([
  ['--preset', ['replay', '--preset', 'successor', 'last']],
  ['--save', ['replay', '--policy', 'greedy', '--save', 'history.json', 'last']],
])('%s is refused where it would mean nothing', async (option, words) => {
  const program = new Command();
  registerReplay(program);
  const refused = { code: 'option-invalid', message: expect.stringContaining(`${option} means nothing here`) };
  await expect(program.parseAsync(words, { from: 'user' })).rejects.toMatchObject(refused);
});

test('references are named in the order of their numbers', () => {
  const move = { parent: 'n1', operator: 'fuse', references: ['n10', 'n2', 'n9'] };
  expect(moveText(move)).toBe('fuse of n1 with n2, n9, n10');
  expect(moveText({ parent: 'root', operator: 'draft', references: [] })).toBe('draft');
});

test('a recorded file is read with the start that lies beside it, and faults name the place', async () => {
  const path = folderWith({ 'events.jsonl': written(events), 'search.json': JSON.stringify(start) });
  const recorded = await recordedIn(path);
  expect(recorded.events).toEqual(JSON.parse(JSON.stringify(events)));
  expect(compareWith(initialState(recorded.start), recorded.events, 'mcgs').same).toBe(expansions.length);
  const broken = folderWith({
    'events.jsonl': `${written(events.slice(0, 2))}{"kind":`,
    'search.json': JSON.stringify(start),
  });
  await expect(recordedIn(broken)).rejects.toMatchObject({
    code: 'option-invalid',
    message: expect.stringContaining('Line 3'),
  });
  const lonely = folderWith({ 'events.jsonl': written(events) });
  await expect(recordedIn(lonely)).rejects.toMatchObject({
    code: 'path-missing',
    next: expect.stringContaining('search.json'),
  });
  const empty = folderWith({ 'events.jsonl': '', 'search.json': JSON.stringify(start) });
  await expect(replayPolicy(empty, { policy: 'greedy' })).rejects.toMatchObject({ code: 'run-unknown' });
  await expect(replayPolicy(path, { policy: 'gready' })).rejects.toMatchObject({ code: 'option-invalid' });
  await expect(replayPolicy(path, { policy: 'mcgs', preset: 'released' })).rejects.toMatchObject({
    code: 'option-invalid',
  });
});
