import { expect, test } from '@jest/globals';
import { attestationOf, type Evidence, type ProbeReply } from '../../../src/activities/attest-judge.js';
import { executionIdOf, nodeIdOf } from '../../../src/domain/ids.js';
import { RUN } from '../../support/memory-store.js';

const LABELS = { what: 'the hidden labels', target: '/h/labels.csv', reached: false, detail: 'No such file' };
const MARKS = { what: 'files of an earlier view', target: 'left', reached: false, detail: 'none found' };

function reply(...attempts: ProbeReply['attempts']): ProbeReply {
  return { attempts, mounts: [], environment: ['PATH'], input: 'h1' };
}

function evidence(more: Partial<Evidence> = {}): Evidence {
  return {
    runId: RUN,
    executionId: executionIdOf(RUN, nodeIdOf(1), 'probe'),
    at: '2026-01-02T00:00:00.000Z',
    level: 'full',
    network: 'blocked',
    views: { main: { files: 1, bytes: 2, hash: 'h1' }, full: { files: 1, bytes: 2, hash: 'h1' } },
    replies: { main: reply(LABELS, MARKS), full: reply(LABELS, MARKS) },
    vital: new Set(['/h/labels.csv']),
    missing: new Set(),
    ...more,
  };
}

test('sealed: every view answered, saw what was prepared, and reached nothing', () => {
  const { sealed, attempts, unfinished } = attestationOf(evidence());
  expect([sealed, unfinished]).toEqual([true, undefined]);
  expect(attempts.map(({ what, result, vital }) => [what, result, vital])).toEqual([
    ['the hidden labels', 'refused', true],
    ['files of an earlier view', 'refused', false],
  ]);
});

test('what was reached in one view is reached, and says in which', () => {
  const replies = { main: reply(LABELS), full: reply({ ...LABELS, reached: true, detail: 'read 64 bytes' }) };
  const { sealed, attempts } = attestationOf(evidence({ replies }));
  expect(sealed).toBe(false);
  expect(attempts).toEqual([expect.objectContaining({ result: 'reached', detail: 'in view full: read 64 bytes' })]);
});

test('what one fold leaves to the next is vital; what is no fold, not', () => {
  const views = { fold1: { files: 1, bytes: 2, hash: 'h1' } };
  const { attempts } = attestationOf(evidence({ views, replies: { fold1: reply({ ...MARKS, reached: true }) } }));
  expect(attempts[0]).toMatchObject({ vital: true, result: 'reached' });
});

test.each<[string, Partial<Evidence>]>([
  ['a view without an answer', { replies: { main: reply(LABELS) } }],
  ['a view with other content', { views: { main: { files: 1, bytes: 2, hash: 'other' } } }],
  ['an execution that ended otherwise', { trouble: 'still running after 300 s' }],
  ['no view at all', { views: {}, replies: {} }],
  ['attempts at nothing but what was not there', { missing: new Set(['/h/labels.csv', 'left']) }],
])('not sealed: %s', (_, more) => {
  expect(attestationOf(evidence(more)).sealed).toBe(false);
});
