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

  test('several targets become the first and all of them; one in brackets is one', () => {
    const several = parseTask(GOOD.replace('"y"', '["lat", "lon"]'), 'task.toml');
    expect(several).toMatchObject({ target: 'lat', targets: ['lat', 'lon'] });
    const one = parseTask(GOOD.replace('"y"', '["lat"]'), 'task.toml');
    expect(one.target).toBe('lat');
    expect(one).not.toHaveProperty('targets');
  });

  test.each([
    ['["a", "a"]', '"a" is there twice'],
    ['[]', 'names of columns'],
    ['["a", 3]', 'names of columns'],
  ])('target = %s is refused', (value, words) => {
    const fault = faultOf(GOOD.replace('"y"', value));
    expect(fault.code).toBe('task-invalid');
    expect(fault.message).toContain('line 2');
    expect(fault.message).toContain(words);
  });

  test('a name of a metric may carry its option, and metric_options counts more', () => {
    const ranked = parseTask(GOOD.replace('root_mean_squared_error', 'MAP@5'), 'task.toml');
    expect(ranked).toMatchObject({ metric: 'map-at-k', metric_options: { k: 5 } });
    const own = `${GOOD.replace('root_mean_squared_error', 'ndcg@10')}[metric_options]\nk = 3\ngroup = "query"\n`;
    expect(parseTask(own, 'task.toml')).toMatchObject({ metric: 'ndcg', metric_options: { k: 3, group: 'query' } });
  });

  test.each([
    ['metric_options = { quantil = 0.9 }\n', 'line 4: "quantil" is no key of metric_options. Did you mean "quantile"?'],
    ['[metric_options]\nquantile = 1.5\n', 'line 5: quantile = 1.5 cannot be used'],
    ['[metric_options]\ntarget_weights = [1, 2]\n', 'line 5: target_weights has 2 numbers for 1 targets'],
    ['targets = ["a", "b"]\n', 'line 4: "targets" is no key of a task. Write target = ["a", "b"].'],
    ['ruler = "trust"\n', 'line 4: ruler = "trust" cannot be used'],
  ])('a slip is told with its line: %j', (more, words) => {
    const fault = faultOf(`${GOOD}${more}`);
    expect(fault.code).toBe('task-invalid');
    expect(fault.message).toContain(words);
  });

  test('a metric of the own kind needs its file', () => {
    const fault = faultOf(GOOD.replace('root_mean_squared_error', 'custom'));
    expect(fault.message).toContain('line 3');
    expect(fault.next).toContain('metric_options = { file = "metric.py" }');
    const task = parseTask(
      `${GOOD.replace('root_mean_squared_error', 'custom')}metric_options = { file = "m.py" }\n`,
      'task.toml',
    );
    expect(task).toMatchObject({ metric: 'custom', metric_options: { file: 'm.py' } });
  });
});
