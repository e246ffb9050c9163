// Mutation test of the search: changes one thing at a time in src/search (all but simulate/, which no decision rests on) and asks whether a
// test of the search notices.
//
//   npm run mutation [-- --mutate 'src/search/graph.ts,src/search/policies/*.ts'] [--fresh] [--report]
//
// Results of unchanged code and tests are taken from earlier runs; --fresh forgets them, --report only shows them. Ends with a table of all files that are known by
// then, which is also written to bench/search/mutation.json: the whole can be measured in parts.

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
if (!options.report) await stryker.runMutationTest();

const { files } = JSON.parse(readFileSync(incrementalFile, 'utf8'));
const rows = Object.entries(files).map(([file, { mutants }]) => ({ file, ...countsOf(mutants) }));
const all = { file: 'together', ...countsOf(Object.values(files).flatMap(({ mutants }) => mutants)) };
print([...rows, all]);
writeFileSync(join(root, 'bench/search/mutation.json'), written(rows, all));

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
  const detected = number('Killed', 'Timeout') - undecided;
  const missed = number('Survived', 'NoCoverage');
  const score = detected + missed === 0 ? null : Math.round((1000 * detected) / (detected + missed)) / 10;
  return {
    score,
    detected,
    survived: number('Survived'),
    uncovered: number('NoCoverage'),
    undecided,
    ignored: number('Ignored'),
  };
}

function print(table) {
  const head = ['file', '%', 'detected', 'survived', 'not reached', 'undecided', 'ignored'];
  const cells = table.map((row) => [
    row.file,
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
