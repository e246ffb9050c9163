/** Parts of the system that a run does without, where they act. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { createEvaluateNode } from '../../../src/activities/evaluate.js';
import { createProposeNode } from '../../../src/activities/propose.js';
import type { ProposalRequest } from '../../../src/authors/port.js';
import type { Part } from '../../../src/domain/part.js';

const folder = mkdtempSync(join(tmpdir(), 'automlgen-without-'));
afterAll(() => rmSync(folder, { recursive: true }));

const row = (nodeId: string) => ({
  ...{
    runId: 'r',
    nodeId,
    operator: 'draft',
    references: [],
    seed: 1,
    programRef: 'a'.repeat(64),
    planRef: 'b'.repeat(64),
  },
  ...{ fingerprint: nodeId, family: 'linear', summary: nodeId, changes: [], knowledge: [], knowledgeOffered: false },
});

/** A run with three programs, read from memory. */
function storeOf(without: Part | undefined) {
  const rows = ['n1', 'n2', 'n3'].map(row);
  const config = {
    author: 'composer',
    knowledgeProbability: 0,
    limits: { cpus: 1, memoryMiB: 64 },
    ...(without ? { without } : {}),
  };
  const prepared = { card: { title: 't' }, split: { mode: 'holdout' }, views: {} };
  const run = { runId: 'r', config, prepared, source: { task: { id: 't' }, folder } };
  return {
    runs: { find: async () => run },
    nodes: {
      find: async (_run: string, id: string) => rows.find(({ nodeId }) => nodeId === id),
      ofRun: async () => rows,
      save: async () => undefined,
    },
    blobs: { readText: async (ref: string) => `program ${ref}`, readJson: async () => ({}), save: async () => 'blob' },
  } as never;
}

async function asked(without: Part | undefined): Promise<ProposalRequest> {
  const requests: ProposalRequest[] = [];
  const author = {
    name: 'composer',
    propose: async (request: ProposalRequest) => {
      requests.push(request);
      return {
        kind: 'none',
        reason: 'exhausted',
        cost: { seconds: 0, gpuSeconds: 0, usd: 0, tokens: 0, executions: 0 },
      };
    },
  };
  const propose = createProposeNode({ store: storeOf(without), authorFor: () => author, knowledge: {} } as never);
  const input = {
    runId: 'r',
    nodeId: 'n9',
    operator: 'improve',
    seed: 999,
    parent: 'n1',
    references: ['n2'],
    hints: [],
  };
  const result = await propose({ ...input, siblings: ['n2', 'n3'], best: ['n3', 'n1'], runSeconds: 9 } as never);
  expect(result).toMatchObject({ kind: 'rejected', reason: 'exhausted' });
  return requests[0]!;
}

test('without memory an author sees its parent and the references of the search, but neither siblings nor the best', async () => {
  const ids = (list: ProposalRequest['best']) => list.map(({ nodeId }) => nodeId);
  const whole = await asked(undefined);
  expect([ids(whole.siblings), ids(whole.best)]).toEqual([
    ['n2', 'n3'],
    ['n3', 'n1'],
  ]);
  const without = await asked('memory');
  expect([ids(without.siblings), ids(without.best)]).toEqual([[], []]);
  expect({ ...without, siblings: whole.siblings, best: whole.best }).toEqual(whole);
  expect(await asked('elite')).toEqual(whole);
});

test('without the elite a new program is compared with its parent and the best, and measured against no other', async () => {
  const comparedWith = async (without: Part | undefined) => {
    const requests: { elite: readonly string[]; against: object }[] = [];
    const evaluator = {
      evaluate: async (request: { elite: readonly string[]; against: object }) => {
        requests.push(request);
        return { kind: 'invalid', failure: 'bad-format', message: 'test' };
      },
    };
    const knowledge = { credit: async () => undefined };
    const evaluate = createEvaluateNode({ store: storeOf(without), evaluator, knowledge } as never);
    const against = { parent: 'n1', best: 'n2' };
    await evaluate({
      runId: 'r',
      nodeId: 'n3',
      family: 'linear',
      outcomeRefs: [],
      against,
      elite: ['n1', 'n2'],
    } as never);
    return requests[0];
  };
  expect(await comparedWith(undefined)).toMatchObject({ elite: ['n1', 'n2'], against: { parent: 'n1', best: 'n2' } });
  expect(await comparedWith('elite')).toMatchObject({ elite: [], against: { parent: 'n1', best: 'n2' } });
  expect(await comparedWith('memory')).toMatchObject({ elite: ['n1', 'n2'] });
});
