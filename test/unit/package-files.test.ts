/** What `npm pack` puts into the package: everything that the program reads from its own folder, and nothing of a contributor's. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';

const root = join(import.meta.dirname, '..', '..');
let packed: ReadonlySet<string> = new Set();
beforeAll(() => {
  const text = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [archive] = JSON.parse(text) as { files: { path: string }[] }[];
  packed = new Set(archive?.files.map(({ path }) => path));
});

/** Paths below the package that sources name as `packageFile('a', 'b')`, dist apart: it is built. */
function pathsRead(): readonly string[] {
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  return files
    .flatMap((file) => [
      ...readFileSync(join(root, 'src', file), 'utf8').matchAll(/packageFile\(((?:'[^']+',? ?)+)\)/g),
    ])
    .map(([, words = '']) => [...words.matchAll(/'([^']+)'/g)].map(([, word]) => word).join('/'))
    .filter((path) => !path.startsWith('dist/'));
}

test('every file that the program reads from its own folder', () => {
  const read = pathsRead();
  expect(read).toContain('src/stack/embedded-mongo/EmbeddedMongo.java');
  expect(read.filter((path) => !packed.has(path))).toEqual([]);
});

test('folders that it reads as a whole, file by file', () => {
  for (const folder of [
    'src/authors/composer/templates',
    'src/knowledge/entries',
    'src/tasks/practice/boards',
    'bin',
  ]) {
    const files = readdirSync(join(root, folder), { recursive: true, withFileTypes: true }).filter((file) =>
      file.isFile(),
    );
    const paths = files.map((file) => join(file.parentPath, file.name).slice(root.length + 1));
    expect(paths.length).toBeGreaterThan(5);
    expect(paths.filter((path) => !packed.has(path))).toEqual([]);
  }
  const locks = readdirSync(join(root, 'python')).filter((name) => name.endsWith('.lock'));
  expect(locks.filter((name) => !packed.has(`python/${name}`))).toEqual([]);
  expect(packed).toContain('python/automlgen_runtime/entry/supervisor.py');
});

test('no tests, no compiled Python, no notes of the compiler', () => {
  expect([...packed].filter((path) => /__pycache__|\.pyc$|^python\/tests|^test\/|tsbuildinfo/.test(path))).toEqual([]);
});
