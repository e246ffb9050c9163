import { describe, expect, test } from '@jest/globals';
import type { Attestation, ProbeAttempt } from '../../../src/domain/attestation.js';
import { blobIdOf, executionIdOf, nodeIdOf } from '../../../src/domain/ids.js';
import { isolationNotice, isolationSection } from '../../../src/results/attestation.js';
import { auditText } from '../../../src/results/audits.js';
import type { RunFacts } from '../../../src/results/facts.js';
import { withProtection } from '../../../src/results/protection.js';
import { PREPARED, RUN } from '../../support/memory-store.js';

const refused: ProbeAttempt = {
  what: 'the hidden labels',
  target: '/hidden/labels.csv',
  result: 'refused',
  detail: 'No such file or directory',
  vital: true,
};
const reached: ProbeAttempt = { ...refused, result: 'reached', detail: 'in view fold1: read 64 of 900 bytes' };
const open: ProbeAttempt = { ...reached, what: 'network interfaces', vital: false, detail: 'in view fold1: eth0|1' };

function attestation(attempts: readonly ProbeAttempt[], more: Partial<Attestation> = {}): Attestation {
  return {
    schemaVersion: 1,
    runId: RUN,
    executionId: executionIdOf(RUN, nodeIdOf(1), 'probe'),
    at: '2026-01-02T00:00:00.000Z',
    level: 'full',
    network: 'blocked',
    mounts: [
      { path: '/job', source: '/x/work/main', kind: 'ext4', access: 'writable' },
      { path: '/job/input', source: '/x/views/main', kind: 'ext4', access: 'read-only' },
    ],
    environment: ['HOME', 'PATH'],
    views: [{ name: 'fold1', files: 4, bytes: 1000, hash: blobIdOf('view'), seen: true }],
    attempts: [...attempts],
    sealed: attempts.every(({ result }) => result !== 'reached'),
    ...more,
  };
}

function facts(found?: Attestation, sandbox = 'full'): RunFacts {
  const score = { value: 2, standardError: 0.1, rows: 100, direction: 'minimise' as const, source: 'folds' as const };
  const chosen = {
    kind: 'single' as const,
    members: [{ nodeId: nodeIdOf(1), weight: 1 }],
    pooled: score,
    overSingle: 0,
    overSinglePairedSE: 0,
  };
  const choice = { chosen, candidates: [chosen], rule: 'r', estimate: score, optimism: 0, shortlist: [] };
  const evaluation = {
    kind: 'valid' as const,
    score,
    versus: {},
    complement: [],
    fragile: false,
    next: [],
    complete: true,
  };
  return {
    run: { runId: RUN, prepared: PREPARED, sandbox },
    nodes: [{ evaluation }],
    events: [],
    choice,
    grade: null,
    reason: 'budget',
    ...(found && { attestation: found }),
  } as unknown as RunFacts;
}

describe('what the report says first', () => {
  test('nothing, where nothing that matters was reached', () => {
    expect(isolationNotice(facts(attestation([refused, open])))).toBe('');
  });
  test('that scores are not protected, with what was reached', () => {
    expect(isolationNotice(facts(attestation([reached])))).toMatch(
      /^\*\*Scores are not protected.* the hidden labels:/,
    );
    expect(isolationNotice(facts(undefined, 'process'))).toMatch(/Scores are not protected/);
  });
  test('that isolation is not proven when the probe did not end', () => {
    const unfinished = attestation([refused], { sealed: false, unfinished: 'still running after 300 s' });
    expect(isolationNotice(facts(unfinished))).toMatch(/not proven.*300 s/);
  });
});

describe('the evidence', () => {
  test('names mounts, hashes, attempts and what was reached, and counts what proves nothing', () => {
    const text = isolationSection(facts(attestation([refused, open, { ...refused, what: 'x', result: 'absent' }])));
    expect(text).toContain('made 2 attempts');
    expect(text).toContain('1 of them reached something');
    expect(text).toContain('1 more were not there for anybody');
    expect(text).toContain('- mounted writable: `/job`');
    expect(text).toContain(blobIdOf('view').slice(0, 16));
    expect(text.indexOf('| network interfaces | reached | in view fold1: eth0\\|1 |')).toBeGreaterThan(0);
    expect(text).toContain('| the hidden labels | refused | No such file or directory |');
  });
  test('of a pod, says that network policies are another matter and how they are tried', () => {
    const text = isolationSection(facts(attestation([refused, open], { level: 'pod' })));
    expect(text).toContain('does not prove that they are enforced: `automlgen doctor --only kubernetes --try`');
    expect(isolationSection(facts(attestation([refused])))).not.toContain('network policies');
  });
  test('says so when the view was another one inside, and when nobody tried', () => {
    const other = attestation([refused], { views: [{ name: 'main', files: 1, bytes: 1, hash: 'f', seen: false }] });
    expect(isolationSection(facts(other))).toContain('**other content inside the sandbox**');
    expect(isolationSection(facts())).toContain('Not attested');
  });
});

test('a leak audit shows its verdict with the evidence, or that nothing was found', () => {
  const audit = { reason: 'auc 0.99 is far.', siblings: [], value: 1, finished: true, evidence: [] };
  expect(auditText(nodeIdOf(7), { ...audit, verdict: 'cleared' })).toMatch(/n7: auc.* cleared; nothing was found/);
  const suspicious = auditText(nodeIdOf(7), { ...audit, verdict: 'suspicious', evidence: ['a tells.', 'b tells.'] });
  expect(suspicious).toMatch(/\*\*suspicious\*\*; a tells. b tells.$/);
});

describe('labels of scores', () => {
  const sources = ({ run, nodes, choice }: RunFacts) => [
    run.prepared.baseline.source,
    nodes[0]?.evaluation?.kind === 'valid' && nodes[0].evaluation.score.source,
    choice?.estimate.source,
    choice?.chosen.pooled.source,
    choice?.candidates[0]?.pooled.source,
  ];
  test('stay where the probe reached nothing that matters', () => {
    expect(new Set(sources(withProtection(facts(attestation([refused, open])))))).toEqual(new Set(['folds']));
    expect(new Set(sources(withProtection(facts())))).toEqual(new Set(['folds']));
  });
  test.each([
    ['something was reached', facts(attestation([refused, reached]))],
    ['there is no sandbox', facts(undefined, 'process')],
  ])('all say unprotected where %s, also those measured before', (_, given) => {
    expect(new Set(sources(withProtection(given)))).toEqual(new Set(['hidden-unprotected']));
  });
});
