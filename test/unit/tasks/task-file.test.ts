import { describe, expect, test } from '@jest/globals';
import { UserError } from '../../../src/domain/errors.js';
import { parseTask } from '../../../src/tasks/task-file.js';

const GOOD = 'id = "toy"\ntarget = "y"\nmetric = "root_mean_squared_error"\n';

function faultOf(text: string): UserError {
  try {
    parseTask(text, 'task.toml');
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('task.toml', () => {
  test('takes other names of a metric and fills defaults', () => {
    const task = parseTask(GOOD, 'task.toml');
    expect(task).toMatchObject({ id: 'toy', metric: 'rmse', train: 'train.csv', test: 'test.csv', drop: [] });
  });

  test('names a mistyped key, its line and the key that was meant', () => {
    const fault = faultOf(`${GOOD}# columns\nid_colunm = "key"\n`);
    expect(fault.code).toBe('task-invalid');
    expect(fault.message).toBe('task.toml, line 5: "id_colunm" is no key of a task. Did you mean "id_column"?');
    expect(fault.next).toContain('id_colunm');
  });

  test('lists the keys when none is near', () => {
    const fault = faultOf(`${GOOD}[budget]\nhours = 2\n`);
    expect(fault.message).toContain('line 4: "budget"');
    expect(fault.next).toContain('sample_submission');
  });

  test.each([
    ['id = "toy"\nmetric = "rmse"\n', '"target" is missing', 'target ='],
    ['id = "My Task"\ntarget = "y"\nmetric = "rmse"\n', 'line 1: id = "My Task"', 'lower-case'],
    [`${GOOD}drop = "age"\n`, 'line 4: drop = "age"', '"drop"'],
    [`${GOOD}type = "classes"\n`, 'line 4: type = "classes"', '"type"'],
  ])('tells what is wrong with a value: %j', (text, sentence, next) => {
    const fault = faultOf(text);
    expect(fault.code).toBe('task-invalid');
    expect(fault.message).toContain(sentence);
    expect(fault.next).toContain(next);
  });

  test('suggests a registered metric', () => {
    const fault = faultOf(GOOD.replace('root_mean_squared_error', 'acuracy'));
    expect(fault.code).toBe('metric-unknown');
    expect(fault.message).toBe('The metric "acuracy" is not registered. Did you mean "accuracy"?');
    expect(fault.next).toContain('spearman');
  });

  test('points at the line that is not TOML', () => {
    const fault = faultOf('id = "toy"\ntarget = y\n');
    expect(fault.code).toBe('task-invalid');
    expect(fault.message).toContain('line 2');
    expect(fault.message).not.toContain('\n');
  });
});
