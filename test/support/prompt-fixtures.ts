/** A small recorded run around one real task card, for prompts: programs, scores, a failure and its repair, knowledge, hints. */
import { readFileSync } from 'node:fs';
import type { RunHistory } from '../../src/authors/llm/memory/memory.js';
import type { PromptSettings } from '../../src/authors/llm/operators/prompt.js';
import type { KnownProgram, ProposalRequest } from '../../src/authors/port.js';
import { BlobId, NodeId, RunId } from '../../src/domain/ids.js';
import { KnowledgeEntry } from '../../src/domain/knowledge-entry.js';
import { SplitManifest } from '../../src/domain/split.js';
import { TaskCard } from '../../src/domain/task-card.js';
import type { NodeRecord } from '../../src/store/nodes.js';

export const RUN = RunId.parse('p02-birthweight-20260101-abcdef');
export const node = (number: number): NodeId => NodeId.parse(`n${number}`);
export const blob = (text: string): BlobId =>
  BlobId.parse(Buffer.from(text).toString('hex').padEnd(64, '0').slice(0, 64));

/** A quarter of the characters: close enough for tests of order, and the same wherever they run. */
export const SETTINGS: PromptSettings = {
  contextTokens: 32_000,
  maxOutputTokens: 8_000,
  countTokens: (text) => Math.ceil(text.length / 4),
};

export interface RecordedTask {
  readonly card: TaskCard;
  readonly split: SplitManifest;
  readonly description: string;
  readonly inputs: NonNullable<ProposalRequest['inputs']>;
}

/** What `bench/prompts/record.mjs` wrote for a practice competition. */
export function recordedTask(id: string): RecordedTask {
  const read = JSON.parse(readFileSync(new URL(`../../bench/prompts/tasks/${id}.json`, import.meta.url), 'utf8'));
  return { ...read, card: TaskCard.parse(read.card), split: SplitManifest.parse(read.split) };
}

export function program(lines: readonly string[] = ['model = Ridge(alpha=1.0)']): string {
  return [
    'from pathlib import Path',
    '',
    'import numpy as np',
    'import pandas as pd',
    'from sklearn.linear_model import Ridge',
    'from sklearn.model_selection import KFold, cross_val_predict',
    '',
    'SEED = 7',
    'train = pd.read_csv("input/train.csv", dtype={"id": str})',
    'test = pd.read_csv("input/test.csv", dtype={"id": str})',
    'sample = pd.read_csv("input/sample_submission.csv", dtype={"id": str})',
    '',
    '',
    'def features(table):',
    '    numbers = table.select_dtypes("number")',
    '    return numbers.fillna(numbers.median())',
    '',
    '',
    ...lines,
    'folds = KFold(5, shuffle=True, random_state=SEED)',
    'target = train.pop(sample.columns[1])',
    'guess = cross_val_predict(model, features(train), target, cv=folds)',
    'print("validation:", float(np.sqrt(np.mean((guess - target) ** 2))))',
    'model.fit(features(train), target)',
    'Path("working").mkdir(exist_ok=True)',
    'sample[sample.columns[1]] = model.predict(features(test))',
    'sample.to_csv("working/submission.csv", index=False)',
    '',
  ].join('\n');
}

const score = (value: number) =>
  ({ value, standardError: 6.2, rows: 650, direction: 'minimise', source: 'folds' }) as const;
const outcome = (change: Partial<NonNullable<KnownProgram['outcome']>> = {}) => ({
  kind: 'finished' as const,
  message: 'Finished in 4.1 s.',
  stderrHead: '',
  stderrTail: '',
  stdoutTail: 'validation: 571.2\n',
  ...change,
});

const PLAN = {
  summary: 'Ridge on medians',
  family: 'ridge',
  data: 'Numbers only, gaps filled with medians.',
  features: 'None beyond the columns.',
  model: 'Ridge, alpha 1.',
  training: 'Five random folds.',
  knowledge: [],
};

/** n1 draft → n2 features (better) → n5 tune (worse); n3 draft, failed → n4 debug, healthy; n6 draft of another family. */
export const KNOWN = {
  draft: known(1, 'draft', { score: score(570.1) }),
  features: known(2, 'improve', {
    program: program(['model = Ridge(alpha=3.0)']),
    summary: 'Ridge with squares',
    changes: ['squares of the two widest numbers'],
    score: score(565.4),
    versus: { parent: { against: node(1), delta: 4.7, pairedSE: 1.1, rows: 650 } },
  }),
  failed: known(3, 'draft', {
    summary: 'LightGBM with text columns',
    family: 'lightgbm',
    program: program(['model = LGBMRegressor(num_leaves=31, verbose=-1)']),
    status: 'failed',
    outcome: outcome({
      kind: 'exception',
      message: "NameError: name 'LGBMRegressor' is not defined",
      stdoutTail: '',
      stderrTail: [
        'Traceback (most recent call last):',
        '  File "/job/program.py", line 19, in <module>',
        '    model = LGBMRegressor(num_leaves=31, verbose=-1)',
        "NameError: name 'LGBMRegressor' is not defined",
      ].join('\n'),
    }),
  }),
  repaired: known(4, 'debug', {
    summary: 'LightGBM, import added',
    family: 'lightgbm',
    changes: ['import of LGBMRegressor added'],
    program: program(['from lightgbm import LGBMRegressor', '', 'model = LGBMRegressor(num_leaves=31, verbose=-1)']),
    score: score(561.9),
  }),
  worse: known(5, 'improve', {
    summary: 'Ridge with alpha 30',
    changes: ['alpha from 3 to 30'],
    score: score(567.7),
    versus: { parent: { against: node(2), delta: -2.3, pairedSE: 0.8, rows: 650 } },
  }),
  other: known(6, 'draft', {
    summary: 'CatBoost, native categories',
    family: 'catboost',
    program: program(['model = CatBoostRegressor(depth=4, iterations=600, verbose=0)']),
    plan: { ...PLAN, summary: 'CatBoost, native categories', model: 'CatBoost, depth 4, 600 rounds.' },
    score: score(559.8),
  }),
  running: known(7, 'draft', { summary: 'Kernel ridge', family: 'kernel', status: undefined }),
} as const;

const ABLATION = known(8, 'ablate', {
  summary: 'Without squares, without scaling',
  outcome: outcome({
    stdoutTail: '{"component": "baseline", "score": 565.4}\n{"component": "squares", "score": 570.3}\n',
  }),
});

type Loose = { readonly [K in keyof KnownProgram]?: KnownProgram[K] | undefined };

function known(number: number, operator: KnownProgram['operator'], change: Loose): KnownProgram {
  const base = {
    nodeId: node(number),
    operator,
    plan: PLAN,
    program: program(),
    summary: PLAN.summary,
    family: 'ridge',
    changes: [],
    status: 'valid',
    seconds: 4.1,
    outcome: outcome(),
  };
  const whole = Object.entries({ ...base, ...change }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(whole) as unknown as KnownProgram;
}

export function knowledgeEntry(id: string, change: Partial<KnowledgeEntry> = {}): KnowledgeEntry {
  const [level] = id.split('.');
  return KnowledgeEntry.parse({
    id,
    name: id.split('.').at(-1),
    level,
    kind: level === 'model' ? 'model' : level === 'data' ? 'feature' : 'ensemble',
    summary: `What ${id} is good for.`,
    evidence: [{ type: 'method', claim: 'made for a test', checked: '2026-11' }],
    review: { by: 'tests', checked: '2026-11' },
    body: '## How\nBegin with the default, then move it by a factor of three.\n\n## Pitfalls\n- Slow on wide tables.\n',
    ...change,
  });
}

const KNOWLEDGE = [
  knowledgeEntry('model.linear.ridge', {
    params: [{ name: 'alpha', type: 'float', range: [0.01, 100], log: true, default: 1 }],
  }),
  knowledgeEntry('data.feature.squares'),
  knowledgeEntry('strategy.ensemble.mean'),
  knowledgeEntry('strategy.debug.missing-import', { kind: 'debug-recipe', signature: 'NameError: name' }),
];

/** What each operator would be asked with in this run. */
export function requestOf(
  operator: ProposalRequest['operator'],
  change: Partial<ProposalRequest> = {},
): ProposalRequest {
  const task = recordedTask('p02-birthweight');
  const parts: Readonly<Record<ProposalRequest['operator'], Partial<ProposalRequest>>> = {
    draft: { siblings: [KNOWN.draft, KNOWN.failed, KNOWN.running] },
    improve: { parent: KNOWN.features, siblings: [KNOWN.worse] },
    debug: { parent: KNOWN.failed },
    evolve: { parent: KNOWN.features, references: [KNOWN.draft] },
    fuse: { parent: KNOWN.features, references: [KNOWN.other, KNOWN.repaired], siblings: [KNOWN.worse] },
    ablate: { parent: KNOWN.features, siblings: [KNOWN.worse] },
    'refine-block': { parent: KNOWN.features, references: [ABLATION], siblings: [KNOWN.worse] },
    merge: { parent: KNOWN.features, references: [KNOWN.other] },
    aggregate: { references: [KNOWN.other, KNOWN.repaired, KNOWN.features] },
  };
  return {
    runId: RUN,
    nodeId: node(9),
    operator,
    ...(operator === 'improve' && { variant: 'features' }),
    seed: 4711,
    ...task,
    references: [],
    siblings: [],
    best: [KNOWN.other, KNOWN.repaired],
    knowledge: KNOWLEDGE.map((entry) => ({ entry, score: 1, why: 'test' })),
    taken: new Set(),
    hints: ['Look at interactions of the mother’s age.'],
    limits: { cpus: 2, memoryMiB: 4_096, runSeconds: 300 },
    ...parts[operator],
    ...change,
  };
}

/** The record of a known program as the store holds it. */
export function recordOf(program: KnownProgram, parent?: NodeId): NodeRecord {
  const { nodeId, operator, family, summary, changes, outcome, score, versus, status } = program;
  return {
    runId: RUN,
    nodeId,
    operator,
    ...(parent && { parent }),
    references: [],
    seed: 1,
    programRef: blob(`program ${nodeId}`),
    planRef: blob(`plan ${nodeId}`),
    fingerprint: `fingerprint ${nodeId}`,
    family,
    summary,
    changes,
    knowledge: [],
    knowledgeOffered: false,
    ...(outcome && status && { executions: { '1': executionOf(program) } }),
    ...(score && {
      evaluation: {
        kind: 'valid',
        score,
        versus: versus ?? {},
        complement: [],
        fragile: false,
        next: [],
        complete: true,
      },
    }),
  };
}

function executionOf({ outcome, seconds = 1 }: KnownProgram): NonNullable<NodeRecord['executions']>[string] {
  const { kind = 'finished', message = '' } = { ...outcome };
  const executionId = 'aml-aaaaaaaaaaaaaaaaaaaa' as NonNullable<NodeRecord['executions']>[string]['executionId'];
  const outcomeRef = blob('outcome');
  return { executionId, attempt: '1', outcomeRef, kind, message, seconds, cpuSeconds: seconds, peakMemoryMiB: 200 };
}

export const HISTORY: RunHistory = {
  nodes: [
    recordOf(KNOWN.draft),
    recordOf(KNOWN.features, node(1)),
    recordOf(KNOWN.failed),
    recordOf(KNOWN.repaired, node(3)),
    recordOf(KNOWN.worse, node(2)),
    recordOf(KNOWN.other),
    recordOf(KNOWN.running),
  ],
  lessons: [],
  readText: async (ref) => Object.values(KNOWN).find(({ nodeId }) => blob(`program ${nodeId}`) === ref)?.program ?? '',
};
