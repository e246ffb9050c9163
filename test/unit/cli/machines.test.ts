/** Options that name machines: what they set for everything that a command starts, and what nobody could ever take. */
import { expect, test } from '@jest/globals';
import { checkClass, chooseMachines, type RawMachines } from '../../../src/cli/machines.js';
import { neededPieces } from '../../../src/cli/pieces.js';

function chosen(raw: RawMachines, before: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const environment = { ...before };
  chooseMachines(raw, environment);
  return environment;
}

test('are handed on through the environment, and left alone where nothing is said', () => {
  expect(chosen({ executor: 'kubernetes', class: 'gpu' })).toEqual({
    AUTOMLGEN_EXECUTOR: 'kubernetes',
    AUTOMLGEN_EXECUTION_CLASS: 'gpu',
  });
  expect(chosen({ class: 'gpu' }, { AUTOMLGEN_EXECUTOR: 'kubernetes' })).toMatchObject({
    AUTOMLGEN_EXECUTION_CLASS: 'gpu',
  });
  expect(chosen({}, { HOME: '/home/u' })).toEqual({ HOME: '/home/u' });
  expect(chosen({ class: 'cpu' })).toEqual({ AUTOMLGEN_EXECUTION_CLASS: 'cpu' });
});

test('a class is refused where programs run on this machine: the run would wait for ever', () => {
  const of = (message: RegExp) =>
    expect.objectContaining({
      code: 'option-invalid',
      message: expect.stringMatching(message),
      next: expect.stringMatching(/--executor kubernetes/),
    });
  expect(() => chosen({ class: 'gpu' })).toThrow(of(/^--class gpu has no effect/));
  expect(() => chosen({ executor: 'local', class: 'gpu' }, { AUTOMLGEN_EXECUTOR: 'kubernetes' })).toThrow(of(/gpu/));
  expect(() => chosen({}, { AUTOMLGEN_EXECUTION_CLASS: 'gpu' })).toThrow(of(/^AUTOMLGEN_EXECUTION_CLASS gpu/));
  expect(() => checkClass('AUTOMLGEN_EXECUTION_CLASS', { AUTOMLGEN_EXECUTION_CLASS: 'tpu' })).toThrow(of(/tpu/));
});

test('an executor that there is not is refused before anything is set', () => {
  const environment = {};
  expect(() => chooseMachines({ executor: 'k8s' }, environment)).toThrow(
    expect.objectContaining({ code: 'option-invalid', message: expect.stringContaining('--executor k8s') }),
  );
  expect(environment).toEqual({});
});

test('a machine whose programs run in a cluster fetches no sandbox', () => {
  expect(neededPieces({ AUTOMLGEN_EXECUTOR: 'kubernetes' })).toEqual(['temporal', 'database', 'python']);
  expect(neededPieces({})).toEqual(['temporal', 'database', 'python', 'sandbox']);
});
