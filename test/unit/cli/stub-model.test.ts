/** The command around the stub: what it refuses, what it prints, and that a signal ends it. */
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Command } from 'commander';
import { registerStubModel } from '../../../src/cli/stub-model.js';

function stubModel(...args: readonly string[]): Promise<unknown> {
  const program = new Command().exitOverride();
  registerStubModel(program);
  return program.parseAsync(['stub-model', ...args], { from: 'user' });
}

afterEach(() => {
  jest.restoreAllMocks();
});

describe('automlgen stub-model', () => {
  it.each([
    [['--faults', '2'], '--faults 2'],
    [['--faults', ''], '--faults'],
    [['--buggy', 'some'], '--buggy some'],
    [['--fault-kinds', 'empty,earthquake'], 'earthquake'],
    [['--latency', '9s,2s'], '9s,2s'],
    [['--latency', 'fast'], 'fast'],
    [['--schema', 'maybe'], 'maybe'],
    [['--port', 'http'], 'http'],
  ])('refuses %j', async (args, named) => {
    await expect(stubModel(...args)).rejects.toMatchObject({
      code: 'option-invalid',
      message: expect.stringContaining(named),
    });
  });

  it('prints what to set, answers there, names a port that is taken, and ends with a signal', async () => {
    const printed: string[] = [];
    jest.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line));
    const told: string[] = [];
    jest.spyOn(console, 'error').mockImplementation((line: string) => void told.push(line));
    const running = stubModel('--port', '0', '--require-key', 'k');
    while (told.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    const url = /^export OPENAI_BASE_URL=(http:\/\/127\.0\.0\.1:\d+\/v1)$/.exec(printed[0] ?? '')?.[1] ?? '';
    expect(printed.slice(1)).toEqual(['export OPENAI_API_KEY=k', 'export AUTOMLGEN_MODEL=stub-model']);
    const models = await fetch(`${url}/models`);
    expect(await models.json()).toMatchObject({ data: [{ id: 'stub-model' }] });
    const taken = stubModel('--port', new URL(url).port);
    await expect(taken).rejects.toMatchObject({ code: 'port-taken' });
    process.emit('SIGTERM');
    await running;
    expect(told.at(-1)).toContain('0 calls');
    await expect(fetch(`${url}/models`)).rejects.toThrow();
  });
});
