import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { UserError } from '../../../src/domain/errors.js';
import { call } from '../../../src/evaluation/call.js';
import type { Pool } from '../../../src/evaluation/pool.js';
import { ProcessLost } from '../../../src/evaluation/process.js';

/** A pool that answers from a list: an error is thrown, anything else is the reply. */
function poolOf(...answers: unknown[]): Pool & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    async request(method) {
      asked.push(method);
      const answer = answers[asked.length - 1];
      if (answer instanceof Error) throw answer;
      return answer;
    },
    close: async () => undefined,
  };
}

const ask = (pool: Pool) => call(pool, 'evaluate', {}, z.object({ value: z.number() }), 1000);
const failed = (kind: string, code: string) => ({
  id: 1,
  error: { kind, code, message: 'It broke.', next: 'Mend it.' },
});

describe('a call to the evaluator', () => {
  it('parses the reply', async () => {
    expect(await ask(poolOf({ id: 1, result: { value: 3, more: true } }))).toEqual({ value: 3 });
    await expect(ask(poolOf({ id: 1, result: { value: 'three' } }))).rejects.toThrow(z.ZodError);
    await expect(ask(poolOf('nonsense'))).rejects.toThrow(z.ZodError);
  });

  it('tries once more after a lost process, not twice', async () => {
    const lost = new ProcessLost('gone');
    const once = poolOf(lost, { id: 2, result: { value: 4 } });
    expect(await ask(once)).toEqual({ value: 4 });
    expect(once.asked).toEqual(['evaluate', 'evaluate']);
    const twice = poolOf(lost, lost, { id: 3, result: { value: 5 } });
    await expect(ask(twice)).rejects.toThrow('gone');
    expect(twice.asked).toHaveLength(2);
  });

  it('does not try again what was stopped on purpose, took too long, or failed otherwise', async () => {
    const closed = poolOf(new ProcessLost('closed', { final: true }), { id: 2, result: { value: 4 } });
    await expect(ask(closed)).rejects.toThrow('closed');
    const broken = poolOf(new Error('other'), { id: 2, result: { value: 4 } });
    await expect(ask(broken)).rejects.toThrow('other');
    const late = poolOf(new ProcessLost('took too long', { late: true }), { id: 2, result: { value: 4 } });
    await expect(ask(late)).rejects.toThrow('took too long');
    expect([closed, broken, late].map(({ asked }) => asked.length)).toEqual([1, 1, 1]);
  });

  it('tells faults of input from defects', async () => {
    const fault = await ask(poolOf(failed('user', 'csv-empty'))).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(UserError);
    expect(fault).toMatchObject({ code: 'csv-empty', message: 'It broke.', next: 'Mend it.' });
    for (const reply of [failed('internal', 'evaluator-failed'), failed('user', 'no-such-code')]) {
      const defect = await ask(poolOf(reply)).catch((error: unknown) => error);
      expect(defect).not.toBeInstanceOf(UserError);
      expect((defect as Error).message).toBe('The evaluator failed in evaluate: It broke.');
    }
  });
});
