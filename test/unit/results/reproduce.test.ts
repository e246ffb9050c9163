import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import type { Task } from '../../../src/domain/task.js';
import { reproduceScript } from '../../../src/results/reproduce.js';

/** Runs the script of a task beside it; the "program" joins what it finds. */
function answerOf(files: Readonly<Record<string, string | Buffer>>, task: Partial<Task>): string {
  const root = mkdtempSync(join(tmpdir(), "it's here "));
  const given = { 'submission.csv': 'id,y\n7,2\n', 'requirements.txt': '', ...files };
  for (const [name, content] of Object.entries(given)) writeFileSync(join(root, name), content);
  const program = `import os
names = ["train.csv", "test.csv", "sample_submission.csv", *sorted(n for n in os.listdir("input") if n.endswith(".txt"))]
open("working/submission.csv", "w").write("".join(open(f"input/{name}").read() for name in names))
`;
  writeFileSync(join(root, 'solution.py'), program);
  mkdirSync(join(root, 'venv/bin'), { recursive: true });
  for (const [name, line] of [
    ['python', 'exec python3 "$@"'],
    ['pip', 'true'],
  ] as const)
    writeFileSync(join(root, 'venv/bin', name), `#!/bin/sh\n${line}\n`, { mode: 0o755 });
  const whole = { id: 't', train: 'my train.csv', test: 'u.csv', target: 'y', metric: 'rmse' as const, drop: [] };
  writeFileSync(join(root, 'reproduce.sh'), reproduceScript({ task: { ...whole, ...task }, folder: root }));
  execFileSync('bash', ['reproduce.sh'], { cwd: root, stdio: 'ignore' });
  return readFileSync(join(root, 'again/working/submission.csv'), 'utf8');
}

test("the script finds the task's files under any name and leaves the answer", () => {
  const files = { 'my train.csv': 'id,y\n1,2\n', 'u.csv': 'id\n7\n' };
  expect(answerOf(files, { other_files: false })).toBe('id,y\n1,2\nid\n7\nid,y\n7,2\n');
});

test('tables in another form are what the program read in the search: unpacked, with commas, without dropped columns', () => {
  const files = {
    'train.csv.gz': gzipSync('id;secret;x;y\n1;9;"a;b, c";2\n'),
    'test.jsonl': '{"id": 7, "x": null, "secret": 9}\n{"id": 8, "x": [1, "b"]}\n',
    'words.txt': 'more',
  };
  const task = { train: 'train.csv.gz', test: 'test.jsonl', drop: ['secret'] };
  expect(answerOf(files, task)).toBe('id,x,y\n1,"a;b, c",2\nid,x\n7,\n8,"[1, ""b""]"\nid,y\n7,2\nmore');
  expect(() => answerOf({ 'train.csv': 'id,y\n' }, { train: 'train.csv', test: 'missing.csv' })).toThrow();
});
