import { expect, test } from '@jest/globals';
import { checkFolderAlone } from '../../../src/cli/run.js';

test('options of a table are refused beside a folder, with the line that its task.toml needs', () => {
  expect(() => checkFolderAlone('my/task', { sampleSubmission: 's.csv', id: 'row' })).toThrow(
    expect.objectContaining({
      code: 'option-invalid',
      message: expect.stringMatching(/^--id, --sample-submission describe a table.*my\/task/),
      next: expect.stringContaining('my/task/task.toml, for example id_column = "row"'),
    }),
  );
  expect(() => checkFolderAlone('t', { drop: 'a,b' })).toThrow(
    expect.objectContaining({ next: expect.stringContaining('drop = ["a", "b"]') }),
  );
  expect(() => checkFolderAlone('t', { budget: '5m', policy: 'mcgs' })).not.toThrow();
});
