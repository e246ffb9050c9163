/** Objects as clusters left them, and what each means. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { phaseOf } from '../../../../src/execution/kubernetes/classifier.js';
import type { Evidence, Phase } from '../../../../src/execution/kubernetes/evidence.js';

interface Recorded {
  readonly what: string;
  /** State, or kind of the verdict with its cause or exit code. */
  readonly expect: string;
  /** When it is looked at, after the Job was made. */
  readonly secondsAfter: number;
  readonly evidence: Partial<Evidence>;
}

const RECORDED = JSON.parse(readFileSync('test/fixtures/kubernetes/endings.json', 'utf8')) as readonly Recorded[];
const MADE = Date.parse('2026-11-21T12:00:00Z');
const PATIENCE = { queueSeconds: 3600, startSeconds: 900, graceSeconds: 30, lostSeconds: 90 };
const NOTHING: Evidence = { podGone: false, jobGone: false, reported: false, warnings: [] };

describe('what became of it', () => {
  test.each(RECORDED.map((one) => [one.what, one] as const))('%s', (_, { evidence, secondsAfter, expect: wanted }) => {
    expect(named(phaseOf({ ...NOTHING, ...evidence }, PATIENCE, MADE + 1000 * secondsAfter))).toBe(wanted);
  });
});

test('what has ended stays what it was, however late it is looked at', () => {
  const endings = RECORDED.filter(({ expect: wanted }) => /^(exited|memory|disk|timeout|infrastructure)/.test(wanted));
  expect(endings.length).toBeGreaterThan(30);
  for (const { evidence, expect: wanted } of endings.filter(({ evidence: { pod } }) =>
    /Failed|Succeeded/.test(pod?.status?.phase ?? ''),
  )) {
    expect(named(phaseOf({ ...NOTHING, ...evidence }, PATIENCE, MADE + 1e9))).toBe(wanted);
  }
});

test('every verdict tells a person what happened', () => {
  const verdicts = RECORDED.map(({ evidence, secondsAfter }) =>
    phaseOf({ ...NOTHING, ...evidence }, PATIENCE, MADE + 1000 * secondsAfter),
  ).flatMap((phase) => (phase.state === 'ended' && phase.verdict.kind !== 'exited' ? [phase.verdict.message] : []));
  for (const message of verdicts) expect(message).toMatch(/^[A-Z].{15,}[^:\s]$/);
});

test('while it waits, it says why', () => {
  const why = (what: string): string => {
    const { evidence, secondsAfter } = RECORDED.find((one) => one.what === what) ?? { evidence: {}, secondsAfter: 0 };
    const phase = phaseOf({ ...NOTHING, ...evidence }, PATIENCE, MADE + 1000 * secondsAfter);
    return 'why' in phase ? phase.why : phase.state;
  };
  expect(why('no node fits, not for long')).toMatch(/Insufficient nvidia.com\/gpu/);
  expect(why('quota refuses the pod: a queue')).toMatch(/exceeded quota/);
  expect(why('suspended by its queue')).toMatch(/not admitted/);
  expect(why('image cannot be pulled, not for long')).toMatch(/ImagePullBackOff: Back-off/);
});

function named(phase: Phase): string {
  if (phase.state !== 'ended') return phase.state;
  const { verdict } = phase;
  if (verdict.kind === 'exited') return `exited ${verdict.exitCode}`;
  return verdict.kind === 'infrastructure' ? `infrastructure ${verdict.cause}` : verdict.kind;
}
