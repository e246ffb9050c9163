import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { reproduceScript } from '../../../src/results/reproduce.js';

test("the script finds the task's files under any name and leaves the answer", () => {
  const root = mkdtempSync(join(tmpdir(), "it's here "));
  writeFileSync(join(root, 'my train.csv'), 'id,y\n1,2\n');
  writeFileSync(join(root, 'u.csv'), 'id\n7\n');
  writeFileSync(join(root, 'submission.csv'), 'id,y\n7,2\n');
  writeFileSync(join(root, 'requirements.txt'), '');
  writeFileSync(join(root, 'solution.py'), '');
  // Stands in for the environment: a "python" that shows what a program would read.
  mkdirSync(join(root, 'venv/bin'), { recursive: true });
  const fake = '#!/bin/sh\ncat input/train.csv input/test.csv input/sample_submission.csv > working/submission.csv\n';
  for (const name of ['python', 'pip'])
    writeFileSync(join(root, 'venv/bin', name), name === 'pip' ? '#!/bin/sh\n' : fake, { mode: 0o755 });
  const task = { id: 't', train: 'my train.csv', test: 'u.csv', target: 'y', metric: 'rmse' as const, drop: [] };
  writeFileSync(join(root, 'reproduce.sh'), reproduceScript({ task, folder: root }));
  execFileSync('bash', ['reproduce.sh'], { cwd: root, stdio: 'ignore' });
  expect(readFileSync(join(root, 'again/working/submission.csv'), 'utf8')).toBe('id,y\n1,2\nid\n7\nid,y\n7,2\n');
});
