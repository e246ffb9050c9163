import { describe, expect, test } from '@jest/globals';
import { findNode } from '../../../src/cli/node-name.js';
import { nodeLines, nodeRow } from '../../../src/cli/render/node.js';
import type { FinalChoice } from '../../../src/domain/evaluation.js';
import { blobIdOf, executionIdOf, nodeIdOf } from '../../../src/domain/ids.js';
import type { Score } from '../../../src/domain/score.js';
import type { RunFacts } from '../../../src/results/facts.js';
import { nodesCsv } from '../../../src/results/nodes-table.js';
import { reportMarkdown } from '../../../src/results/report.js';
import { solutionFiles } from '../../../src/results/solution.js';
import type { NodeExecution, NodeRecord } from '../../../src/store/nodes.js';
import { memoryStore, PREPARED, RUN } from '../../support/memory-store.js';

const score = (value: number): Score => ({
  value,
  standardError: 0.1,
  rows: 100,
  direction: 'minimise',
  source: 'folds',
});

function node(ordinal: number, more: Partial<NodeRecord>): NodeRecord {
  return {
    runId: RUN,
    nodeId: nodeIdOf(ordinal),
    operator: 'draft',
    references: [],
    seed: 1,
    programRef: blobIdOf('a'),
    planRef: blobIdOf('b'),
    fingerprint: 'f',
    family: 'linear',
    summary: 'ridge | with a pipe',
    changes: [],
    knowledge: [],
    knowledgeOffered: false,
    ...more,
  };
}

const valid = (value: number): Partial<NodeRecord> => ({
  evaluation: {
    kind: 'valid',
    score: score(value),
    versus: {},
    complement: [],
    fragile: false,
    next: [],
    complete: true,
  },
});
const timeout: Partial<NodeRecord> = {
  executions: {
    '1': {
      executionId: executionIdOf(RUN, nodeIdOf(3), '1'),
      attempt: '1',
      outcomeRef: blobIdOf('o'),
      kind: 'timeout',
      message: 'ran 30 s of 30 s',
      seconds: 30,
      cpuSeconds: 29,
      peakMemoryMiB: 80,
    },
  },
};

const members = [
  { nodeId: nodeIdOf(1), weight: 0.6 },
  { nodeId: nodeIdOf(2), weight: 0.4 },
];
const single = {
  kind: 'single' as const,
  members: members.slice(0, 1),
  pooled: score(2.2),
  overSingle: 0,
  overSinglePairedSE: 0,
};
const blend = { kind: 'blend' as const, members, pooled: score(2.1), overSingle: 0.1, overSinglePairedSE: 0.05 };
const choice: FinalChoice = {
  chosen: blend,
  candidates: [single, blend],
  rule: 'The blend, because R has 1,000 rows.',
  estimate: score(2.15),
  optimism: 0.02,
  shortlist: [nodeIdOf(1), nodeIdOf(2)],
};

function facts(more: Partial<RunFacts>): RunFacts {
  const run = memoryStore().saved.runs.get(RUN)!;
  return {
    run: { ...run, prepared: PREPARED },
    nodes: [node(1, valid(2.4)), node(2, valid(2.2)), node(3, timeout)],
    events: [],
    choice,
    grade: null,
    reason: 'budget',
    ...more,
  };
}

test('the report tells result, choice, best programs and failures, and escapes what would break its tables', () => {
  const report = reportMarkdown(facts({}));
  expect(report).toContain('| **Chosen: blend of 2** | **2.15 ± 0.10** | us, out of fold, 100 rows |');
  expect(report).toContain('| **blend** | n1 × 0.60, n2 × 0.40 | 2.10 ± 0.10 | +0.100 ± 0.050 (2.0 SE) |');
  expect(report.indexOf('| n2 | draft')).toBeLessThan(report.indexOf('| n1 | draft'));
  expect(report).toContain('ridge \\| with a pipe');
  expect(report).toContain('| timeout | 1 | n3: ran 30 s of 30 s |');
  expect(report).not.toMatch(/undefined|NaN|\[object/);
});

test('a report of claims calls them claims, wherever a score stands', () => {
  const claim = (value: number): Score => ({ ...score(value), standardError: 0, source: 'script' });
  const { run } = facts({});
  const prepared = {
    ...PREPARED,
    baseline: claim(3),
    split: { ...PREPARED.split, mode: 'script' as const, folds: 0, reason: 'no rows could be carved' },
  };
  const own = { ...single, pooled: claim(2.2) };
  const report = reportMarkdown(
    facts({
      run: { ...run, prepared },
      choice: { ...choice, chosen: own, candidates: [own], estimate: claim(2.2), averaging: 'none' },
    }),
  );
  expect(report).toContain('Scores are **self-reported**');
  expect(report).toContain('| **Chosen: single n1** | **2.2000 ± n/a** | the program itself, 100 rows |');
  expect(report).toMatch(/No row of this task could be hidden.*automlgen_score=/);
  expect(report).not.toMatch(/hash|hidden rows:|frozen|± 0\.0000/);
});

test('a run without a sandbox and a jump that should be looked at are told', () => {
  const { run } = facts({});
  const jump = node(4, valid(0.1));
  const evaluation = {
    ...jump.evaluation!,
    audit: {
      reason: 'takes 90% of what was left.',
      value: 0.1,
      siblings: [2],
      verdict: 'suspicious',
      evidence: ['"copy" alone explains 99% of the target.'],
      finished: true,
    },
  };
  const report = reportMarkdown(
    facts({ run: { ...run, sandbox: 'process' }, nodes: [{ ...jump, evaluation } as NodeRecord] }),
  );
  expect(report).toContain('- Sandbox: none (process).');
  expect(report).not.toContain('nothing else of this machine');
  expect(report).toContain(
    '- Look at n4: takes 90% of what was left. Leak audit: **suspicious**; "copy" alone explains 99% of the target.',
  );
});

test('a run without a valid program says so', () => {
  expect(reportMarkdown(facts({ choice: null, nodes: [node(3, timeout)] }))).toContain(
    'the submission is the baseline',
  );
});

test('a failed program has no score in the node table', () => {
  const [head, first, , third] = nodesCsv(facts({}).nodes).split('\n');
  expect(head).toMatch(/^node,operator,.*message$/);
  expect(first).toMatch(/^n1,draft,.*valid,,2\.4,0\.1,100,/);
  expect(third).toContain('failed,timeout,,,,30.00');
});

/** As recorded: what it is not, is told by the names of its tries. */
function tried(attempts: Readonly<Record<string, NodeExecution['kind']>>): Pick<NodeRecord, 'executions'> {
  const executions = Object.entries(attempts).map(([attempt, kind]): readonly [string, NodeExecution] => [
    attempt,
    {
      executionId: executionIdOf(RUN, nodeIdOf(9), attempt),
      attempt,
      outcomeRef: blobIdOf('o'),
      kind,
      message: `${attempt} ended by ${kind}`,
      seconds: 10,
      cpuSeconds: 9,
      peakMemoryMiB: 80,
    },
  ]);
  return { executions: Object.fromEntries(executions) };
}

test('the report says what the machines gave, where the ledger is at hand', () => {
  const [executionId, cost] = [
    executionIdOf(RUN, nodeIdOf(3), '1'),
    { seconds: 30, gpuSeconds: 12, usd: 0, tokens: 0, executions: 1 },
  ];
  const row = {
    runId: RUN,
    callId: executionId,
    nodeId: nodeIdOf(3),
    kind: 'execution' as const,
    cost,
    at: new Date(),
  };
  expect(reportMarkdown(facts({ ledger: [row] }))).toContain('- programs 30 s in 1 execution, GPU 12 s.');
  expect(reportMarkdown(facts({}))).not.toContain('Machine time');
});

describe('tries that were lost to the machine, and runs on all labels, decide nothing', () => {
  const nodes = [
    node(1, { ...valid(2.4), ...tried({ '1': 'infrastructure', '2': 'finished', 'refit-2': 'timeout' }) }),
    node(2, { ...valid(1.1), ...tried({ '1': 'finished', '1-folds': 'memory' }) }),
    node(3, tried({ '1': 'infrastructure', '2': 'cancelled' })),
    node(4, tried({ '2': 'finished' })),
    node(5, {}),
  ];

  test('in the node table', () => {
    const rows = nodesCsv(nodes).trimEnd().split('\n').slice(1);
    expect(rows.map((row) => row.split(',').slice(6, 12).join())).toEqual([
      'valid,,2.4,0.1,100,20.00',
      'failed,memory,,,,20.00',
      'lost,,,,,20.00',
      'not scored,,,,,10.00',
      'not run,,,,,0.00',
    ]);
    expect(rows[1]).toMatch(/1-folds ended by memory$/);
    expect(rows.join('\n')).not.toMatch(/infrastructure|cancelled|timeout/);
  });

  test('in the report', () => {
    const report = reportMarkdown(facts({ nodes }));
    expect(report).toContain('| memory | 1 | n2: 1-folds ended by memory |');
    expect(report).toContain('| n1 | draft');
    expect(report).not.toContain('| n2 | draft');
    expect(report).not.toMatch(/\| (infrastructure|cancelled|timeout) \|/);
  });

  test('in what the terminal shows', () => {
    const verdicts = nodes.map((each) => nodeRow(each).slice(4, 6).join(' in '));
    expect(verdicts).toEqual([
      '2.40 ± 0.10 in 20.0',
      'memory in 20.0',
      'lost in 20.0',
      'under way in 10.0',
      'under way in ',
    ]);
    expect(findNode(nodes, 'best').nodeId).toBe('n1');
    const [first, second] = nodes.map((each) => nodeLines({ node: each, outcomes: [], program: '' }).join('\n'));
    expect(first).toContain('on 100 rows');
    expect(second).toContain('1-folds ended by memory');
    expect(second).not.toContain('1.1');
  });
});

test('a single is its own solution; a blend runs its members', () => {
  const programs = members.map((member) => ({ ...member, program: `print("${member.nodeId}")` }));
  expect(solutionFiles(programs.slice(0, 1), PREPARED.card)).toEqual([{ path: 'solution.py', text: 'print("n1")' }]);
  const files = solutionFiles(programs, PREPARED.card);
  expect(files.map((file) => file.path)).toEqual(['members/n1.py', 'members/n2.py', 'solution.py']);
  expect(files.at(-1)?.text).toContain('"n1": 0.6,');
});
