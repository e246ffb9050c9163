// Mutation test of the search: changes one thing at a time in src/search (all but simulate/, which no decision rests on) and asks whether a
// test of the search notices.
//
//   npm run mutation [-- --mutate 'src/search/graph.ts,src/search/policies/*.ts'] [--fresh] [--report]
//
// Results of unchanged code and tests are taken from earlier runs; --fresh forgets them, --report runs nothing:
// it shows the table, with the last results of the files that --mutate names. Ends with a table that is also
// written to bench/search/mutation.json. The whole can be measured in parts: a file that is not asked for keeps the row that it has there. A row says
// on which source it was measured (the beginning of its SHA-256), and is marked when the file has changed since.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Stryker } from '@stryker-mutator/core';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const scratch = join(root, 'node_modules/.cache/automlgen-mutation');
const EVERYTHING = ['src/search/**/*.ts', '!src/search/simulate/**'];
const { values: options } = parseArgs({
  options: {
    mutate: { type: 'string' },
    fresh: { type: 'boolean', default: false },
    report: { type: 'boolean', default: false },
  },
});

process.chdir(root);
// Properties with a few random cases each: a mutant is run thousands of times, and the cases are always the same.
process.env.AUTOMLGEN_PROPERTY_SCALE ??= '0.005';
mkdirSync(scratch, { recursive: true });
const incrementalFile = join(scratch, 'incremental.json');
if (options.fresh) rmSync(incrementalFile, { force: true });

if (!options.report) forgetTimeouts();

const stryker = new Stryker({
  mutate: options.mutate ? options.mutate.split(',') : EVERYTHING,
  plugins: [fileURLToPath(new URL('./runner.mjs', import.meta.url))],
  ...{ testRunner: 'search', coverageAnalysis: 'perTest', ignoreStatic: true },
  ...{ concurrency: 2, incremental: true, incrementalFile, timeoutMS: 120_000 },
  ...{ tempDirName: join(scratch, 'sandbox'), symlinkNodeModules: false, disableTypeChecks: false },
  ignorePatterns: ['**', '!src/search/**', '!src/domain/**', '!test/**/*', '!package.json'],
  reporters: ['json', 'progress-append-only'],
  jsonReporter: { fileName: join(scratch, 'report.json') },
  ...{ allowConsoleColors: false, allowEmpty: false, cleanTempDir: 'always' },
});
/** Which files were asked for: `*` stands for a name, `**` for folders too. */
const patterns = (options.mutate ?? 'src/search/**').split(',').map((glob) => {
  const parts = glob.split(/(\*\*\/?|\*)/);
  return new RegExp(
    `^${parts.map((part) => (part.startsWith('**') ? '.*' : part === '*' ? '[^/]*' : part.replaceAll('.', '\\.'))).join('')}$`,
  );
});
const results = join(root, 'bench/search/mutation.json');
const before = JSON.parse(readFileSync(results, 'utf8')).files;
if (!options.report) await stryker.runMutationTest();
const rows = merged(before, options.report && !options.mutate ? [] : measured());
const all = { file: 'together', ...sumOf(rows) };
print([...rows, all]);
writeFileSync(results, written(rows, all));

/** One row for each file that was asked for. The report holds others from earlier runs, whose tests may have been others too. */
function measured() {
  const { files } = JSON.parse(readFileSync(incrementalFile, 'utf8'));
  return Object.entries(files)
    .filter(([file]) => patterns.some((pattern) => pattern.test(file)))
    .map(([file, { mutants, source }]) => ({ file, ...countsOf(mutants), source: hashOf(source) }));
}

/** The rows of all files that still exist: those just measured in the place of those from before. */
function merged(before, now) {
  const rows = new Map([...before, ...now].map((row) => [row.file, row]));
  return [...rows.values()]
    .filter(({ file }) => existsSync(join(root, file)))
    .sort((a, b) => (a.file < b.file ? -1 : 1))
    .map(({ changed: _, ...row }) => (hasChanged(row) ? { ...row, changed: true } : row));
}

function hasChanged({ file, source }) {
  return source !== undefined && source !== hashOf(readFileSync(join(root, file), 'utf8'));
}

function hashOf(source) {
  return createHash('sha256').update(source).digest('hex').slice(0, 12);
}

/** A run that was stopped for its time on a busy machine proves nothing: such a mutant is tried again. Endless loops are found by their count. */
function forgetTimeouts() {
  if (!existsSync(incrementalFile)) return;
  const report = JSON.parse(readFileSync(incrementalFile, 'utf8'));
  for (const file of Object.values(report.files)) {
    file.mutants = file.mutants.filter((mutant) => !isUndecided(mutant));
  }
  writeFileSync(incrementalFile, JSON.stringify(report));
}

/** Stopped for its time, and not for the count of an endless loop. */
function isUndecided({ status, statusReason }) {
  return status === 'Timeout' && statusReason === undefined;
}

/** Detected of all that could be; a mutant in a constant worked out at load time, and one that does not even run, is not counted. */
function countsOf(mutants) {
  const number = (...states) => mutants.filter(({ status }) => states.includes(status)).length;
  const undecided = mutants.filter(isUndecided).length;
  return withScore({
    detected: number('Killed', 'Timeout') - undecided,
    survived: number('Survived'),
    uncovered: number('NoCoverage'),
    undecided,
    ignored: number('Ignored'),
  });
}

function sumOf(rows) {
  const of = (count) => rows.reduce((sum, row) => sum + row[count], 0);
  const counts = ['detected', 'survived', 'uncovered', 'undecided', 'ignored'];
  return withScore(Object.fromEntries(counts.map((count) => [count, of(count)])));
}

/** Per cent, to a tenth; null where nothing could be detected. */
function withScore(counts) {
  const all = counts.detected + counts.survived + counts.uncovered;
  return { score: all === 0 ? null : Math.round((1000 * counts.detected) / all) / 10, ...counts };
}

function print(table) {
  const head = ['file', '%', 'detected', 'survived', 'not reached', 'undecided', 'ignored'];
  const cells = table.map((row) => [
    row.changed ? `${row.file} (changed)` : row.file,
    row.score ?? '–',
    row.detected,
    row.survived,
    row.uncovered,
    row.undecided,
    row.ignored,
  ]);
  for (const row of [head, ...cells]) {
    const [file, ...numbers] = row.map(String);
    console.log(`${file.padEnd(44)}${numbers.map((text) => text.padStart(12)).join('')}`);
  }
}

/** One file to the line. */
function written(rows, together) {
  const lines = rows.map((row) => `    ${JSON.stringify(row)}`);
  return `{\n  "together": ${JSON.stringify(together)},\n  "files": [\n${lines.join(',\n')}\n  ]\n}\n`;
}
