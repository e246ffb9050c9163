/** An executor and an evaluator that run and score nothing: what they answer is a pure function of the node, after a short while. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Dependencies } from '../../src/activities/dependencies.js';
import type { Evaluation, FinalChoice } from '../../src/domain/evaluation.js';
import type { ExecutionSpec } from '../../src/domain/execution-spec.js';
import type { Outcome } from '../../src/domain/outcome.js';
import type { Score } from '../../src/domain/score.js';
import type { EvaluateRequest, Evaluator } from '../../src/evaluation/port.js';
import type { Executor } from '../../src/execution/port.js';
import type { KnowledgeBase } from '../../src/knowledge/port.js';
import { PREPARED } from './memory-store.js';
import { unit } from './scripted-activities.js';

export interface DrillTempo {
  /** Milliseconds that a program takes, at least and at most. */
  readonly runMs: readonly [number, number];
  /** Share of the programs that fail. */
  readonly failing: number;
}

const FAILURE =
  'Traceback (most recent call last):\n  File "solution.py", line 12, in <module>\nKeyError: \'weight\'\n';

export function drillExecutor({ runMs: [least, most], failing }: DrillTempo): Executor {
  const specs = new Map<string, ExecutionSpec>();
  return {
    name: 'local',
    capabilities: async () => ({
      ...{ cpus: 2, memoryMiB: 1024, gpus: 0, slots: 4, sandbox: 'full', network: 'blocked', memoryLimit: 'polled' },
      ...{ processLimit: 'polled', diskLimit: 'polled', notes: [] },
    }),
    async submit(spec) {
      specs.set(spec.id, spec);
      return { id: spec.id, adopted: false };
    },
    async wait({ id }) {
      const spec = specs.get(id);
      await sleep(least + (most - least) * unit(`time|${id}`));
      return outcomeOf(spec?.views.map(({ name }) => name) ?? [], unit(`fails|${id}`) < failing);
    },
    cancel: async () => undefined,
    release: async () => undefined,
    sweep: async () => ({ removed: [], kept: [], failed: [] }),
  };
}

function outcomeOf(views: readonly string[], failed: boolean): Outcome {
  return {
    kind: failed ? 'exception' : 'finished',
    message: failed ? "KeyError: 'weight'" : 'finished in 1.0 s',
    seconds: 1,
    cpuSeconds: 1,
    gpuSeconds: 0,
    peakMemoryMiB: 100,
    milestones: failed ? 2 : 7,
    viewSeconds: Object.fromEntries(views.map((view) => [view, 1])),
    stdoutTail: '',
    stderrHead: '',
    stderrTail: failed ? FAILURE : '',
    files: [],
  };
}

/** `folder` receives the baseline's submission. */
export function drillEvaluator(folder: string): Evaluator {
  const baselineSubmission = join(folder, 'baseline.csv');
  return {
    profile: async () => PREPARED.card,
    async prepare() {
      mkdirSync(folder, { recursive: true });
      writeFileSync(baselineSubmission, 'id,y\n1,3\n');
      const split = { ...PREPARED.split, mode: 'holdout' as const, rows: { labelled: 100, search: 40, final: 20 } };
      return { ...PREPARED, split, views: { main: '/views/main', full: '/views/full' }, baselineSubmission };
    },
    evaluate: async (request) => evaluationOf(request),
    async choose({ nodes }): Promise<FinalChoice> {
      const best = [...nodes].sort((a, b) => a.value - b.value)[0];
      if (best === undefined) throw new Error('There is nothing to choose from.');
      const members = [{ nodeId: best.nodeId, weight: 1 }];
      const score = scoreOf(best.value);
      const chosen = { kind: 'single' as const, members, pooled: score, overSingle: 0, overSinglePairedSE: 0 };
      const shortlist = [best.nodeId];
      return { chosen, candidates: [chosen], rule: 'the best single', estimate: score, optimism: 0, shortlist };
    },
    async writeSubmission({ path }) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, 'id,y\n1,2.5\n');
      return { rows: 1, refits: [] };
    },
    grade: async () => {
      throw new Error('There are no private answers.');
    },
    close: async () => undefined,
  };
}

function evaluationOf({ nodeId, against }: EvaluateRequest): Evaluation {
  const valueAt = (node: string): number => 3 - unit(`score|${node}`);
  const paired = (other: EvaluateRequest['nodeId'] | undefined) =>
    other && { against: other, delta: valueAt(other) - valueAt(nodeId), pairedSE: 0.01, rows: 40 };
  const [parent, branchBest, best] = [against.parent, against.branchBest, against.best].map(paired);
  const versus = { ...(parent && { parent }), ...(branchBest && { branchBest }), ...(best && { best }) };
  const score = scoreOf(valueAt(nodeId));
  return { kind: 'valid', score, versus, complement: [], fragile: false, next: [], complete: true };
}

function scoreOf(value: number): Score {
  return { value, standardError: 0.01, rows: 40, direction: 'minimise', source: 'hidden' };
}

export const NO_KNOWLEDGE: KnowledgeBase = {
  recall: async () => [],
  entry: async () => undefined,
  credit: async () => undefined,
};

export const NOTHING_GUARDED: Dependencies['guarded'] = { probe: '', places: [], servers: [] };
