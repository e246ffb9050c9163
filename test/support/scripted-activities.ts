/**
 * A world without programs: what every activity of a run answers is a pure function of the node and of the script.
 * The activation harness plays it on a clock of its own; `temporal-worker.ts` plays it in real time.
 */

import type * as contract from '../../src/activities/contract.js';
import type {
  ChooseInput,
  EvaluateInput,
  ExecuteInput,
  PackageInput,
  PrepareInput,
  ProposeInput,
} from '../../src/activities/contract.js';
import type { NodeId, RunId } from '../../src/domain/ids.js';
import { executionIdOf } from '../../src/domain/ids.js';
import { RunConfig } from '../../src/domain/run-config.js';
import type { Complement, Cost, Score } from '../../src/domain/score.js';
import type { SearchConfig } from '../../src/domain/search-config.js';
import type { CompetitionInput } from '../../src/workflows/input.js';

export const RUN = 'scripted-20261121-abcdef' as RunId;

export type ActivityName =
  | keyof contract.SearchActivities
  | keyof contract.AuthorActivities
  | keyof contract.ExecutionActivities
  | keyof contract.EvaluationActivities;

/** How one activity ends. `never`: it is heard of again only when it is cancelled. */
export type Reply =
  | { readonly afterMs: number; readonly answer: unknown }
  /** What Temporal reports once all its retries have failed. */
  | { readonly afterMs: number; readonly fault: string; readonly type?: string }
  | { readonly never: true };

export interface Script {
  readonly seed: number;
  readonly mode: 'holdout' | 'folds';
  readonly capacity: number;
  readonly proposeMs: number;
  /** Milliseconds of one execution. */
  readonly executeMs: (input: ExecuteInput) => number;
  /** Share of programs that fail. */
  readonly failing: number;
  /** Names as long, and as many numbers, as a real run's nodes have: they take twice the room. */
  readonly precise?: boolean;
  /** Answers that differ from the script's own. */
  readonly override?: (name: ActivityName, input: unknown) => Reply | undefined;
}

export const SCRIPT: Script = {
  seed: 1,
  mode: 'holdout',
  capacity: 8,
  proposeMs: 5,
  executeMs: (input) => 200 + Math.round(800 * unit(`duration|${input.nodeId}`)),
  failing: 0.2,
};

/** What the ledger of a run that was ended from outside comes to. */
export const LOST_USD = 7;

/** The input of a run that is over after `executions` nodes; everything else is far away. */
export function scriptedInput(
  search: Partial<SearchConfig> = {},
  more: Partial<RunConfig> = {},
  runId: RunId = RUN,
): CompetitionInput {
  const config = RunConfig.parse({
    search: { slots: 2, budgetMs: 3_600_000, executions: 12, proposalsAhead: 0, ...search },
    limits: { cpus: 1, memoryMiB: 512, diskMiB: 512, shmMiB: 64, gpus: 0, pids: 64 },
    resultsFolder: '/results',
    ...more,
  });
  const task = { id: 'scripted', train: 'train.csv', test: 'test.csv', target: 'y', metric: 'accuracy', drop: [] };
  return { runId, source: { task: task as CompetitionInput['source']['task'], folder: '/task' }, config };
}

export function replyTo(script: Script, name: ActivityName, input: unknown): Reply {
  return (
    script.override?.(name, input) ?? { afterMs: delayOf(script, name, input), answer: answerOf(script, name, input) }
  );
}

function delayOf(script: Script, name: ActivityName, input: unknown): number {
  if (name === 'executeNode') return script.executeMs(input as ExecuteInput);
  return name === 'proposeNode' ? script.proposeMs : 3;
}

export function answerOf(script: Script, name: ActivityName, input: unknown): unknown {
  switch (name) {
    case 'prepareRun':
      return prepared(script, input as PrepareInput);
    case 'proposeNode':
      return proposed(script, input as ProposeInput);
    case 'executeNode':
      return executed(script, input as ExecuteInput);
    case 'evaluateNode':
      return evaluated(script, input as EvaluateInput);
    case 'chooseFinal':
      return chosen(input as ChooseInput);
    case 'packageRun':
      return packaged(input as PackageInput);
    case 'attestRun':
      return { sealed: true, attempts: 30, readable: [], ref: 'attestation' };
    case 'saveSnapshot':
      return { ref: 'snapshot', sha256: '0' };
    default:
      return undefined;
  }
}

function prepared(script: Script, { runId }: PrepareInput): contract.PrepareResult {
  const firstViews = script.mode === 'folds' ? ['fold1'] : ['main'];
  const { mode, capacity } = script;
  return { baseline: score(0.5), mode, firstViews, capacity, title: `Scripted ${runId}`, warnings: [] };
}

function proposed(script: Script, { nodeId, operator }: ProposeInput): contract.ProposeResult {
  const family = ['linear', 'forest', 'boosting'][Math.floor(3 * unit(`family|${nodeId}`))] ?? 'linear';
  const named = (what: string): string => {
    if (!script.precise) return `${what}-${nodeId}`;
    return [1, 2, 3, 4, 5, 6, 7, 8].map((k) => hex(unit(`${what}|${nodeId}|${k}`))).join('');
  };
  const [programRef, planRef, fingerprint] = [named('program'), named('plan'), named('print')];
  return {
    kind: 'proposed',
    programRef,
    planRef,
    fingerprint,
    family,
    summary: `${operator} ${nodeId}`,
    cost: NOTHING,
  };
}

function executed(script: Script, input: ExecuteInput): contract.ExecuteResult {
  const { runId, nodeId, attempt } = input;
  const executionId = executionIdOf(runId, nodeId, attempt);
  const outcomeRef = `outcome-${nodeId}-${attempt}`;
  const cost: Cost = { ...NOTHING, seconds: script.executeMs(input) / 1000, executions: 1 };
  if (attempt !== 'refit' && unit(`fails|${script.seed}|${nodeId}`) < script.failing) {
    return {
      kind: 'failed',
      executionId,
      outcomeRef,
      failure: 'exception',
      milestones: 2,
      message: 'ValueError',
      cost,
    };
  }
  return { kind: 'ran', executionId, outcomeRef, cost };
}

function evaluated(script: Script, { nodeId, outcomeRefs, against, elite }: EvaluateInput): contract.EvaluateResult {
  const value = 0.5 + 0.4 * unit(`score|${script.seed}|${nodeId}`);
  const paired = (other: NodeId) => ({
    against: other,
    delta: value - (0.5 + 0.4 * unit(`score|${script.seed}|${other}`)),
    pairedSE: script.precise ? 0.01 + 0.01 * unit(`se|${nodeId}|${other}`) : 0.01,
    rows: 1000,
  });
  const { parent, branchBest, best } = against;
  const versus = {
    ...(parent === undefined ? {} : { parent: paired(parent) }),
    ...(branchBest === undefined ? {} : { branchBest: paired(branchBest) }),
    ...(best === undefined ? {} : { best: paired(best) }),
  };
  const earned = script.mode === 'folds' && outcomeRefs.length === 1 && value > 0.65;
  const next = earned ? ['fold2', 'fold3', 'fold4', 'fold5'] : [];
  return {
    kind: 'valid',
    score: score(value),
    versus,
    complement: script.precise ? elite.map((other) => complementOf(nodeId, other)) : [],
    next,
    complete: script.mode === 'holdout' || !earned,
  };
}

function complementOf(nodeId: NodeId, other: NodeId): Complement {
  return {
    with: other,
    gain: unit(`gain|${nodeId}|${other}`) / 100,
    standardError: unit(`error|${nodeId}|${other}`) / 100,
  };
}

/** Eight digits of a number in [0, 1). */
function hex(part: number): string {
  return Math.floor(part * 2 ** 32)
    .toString(16)
    .padStart(8, '0');
}

function chosen({ nodes }: ChooseInput): contract.ChooseResult {
  const best = nodes[0];
  if (best === undefined) return { choice: null, refits: [] };
  const members = [{ nodeId: best.nodeId, weight: 1 }];
  const candidate = {
    kind: 'single' as const,
    members,
    pooled: score(best.value),
    overSingle: 0,
    overSinglePairedSE: 0,
  };
  const choice = {
    chosen: candidate,
    candidates: [candidate],
    rule: 'the best single',
    estimate: score(best.value),
    optimism: 0,
    shortlist: [best.nodeId],
  };
  return { choice, refits: [{ nodeId: best.nodeId, programRef: `program-${best.nodeId}` }] };
}

function packaged({ choice }: PackageInput): contract.PackageResult {
  return { folder: '/results', estimate: choice?.estimate ?? null, grade: null };
}

export const NOTHING: Cost = { seconds: 0, gpuSeconds: 0, usd: 0, tokens: 0, executions: 0 };

function score(value: number): Score {
  return { value, standardError: 0.01, rows: 1000, direction: 'maximise', source: 'hidden' };
}

/** A fixed number in [0, 1) for a name: FNV-1a, finished with two rounds of mixing. */
export function unit(name: string): number {
  let hash = 0x811c9dc5;
  for (const character of name) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
  return ((hash ^ (hash >>> 15)) >>> 0) / 2 ** 32;
}
