#!/usr/bin/env node
/**
 * `npm test`: everything a contributor needs, from a fresh clone. `--full` adds the long suites; `--only name,name` picks steps.
 * Ends with one line: `N passed, N failed, N skipped`, added up over all runners; each static check counts as one.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createTier } from './kubernetes-tier.mjs';
import { requireNode } from './node-version.mjs';
import { bringUpToDate } from './up-to-date.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const full = process.argv.includes('--full');
const picked = process.argv[process.argv.indexOf('--only') + 1]?.split(',');
const only = process.argv.includes('--only') ? picked : undefined;
const reports = mkdtempSync(join(tmpdir(), 'automlgen-check-'));
const node = process.execPath;
const tool = (path) => join(root, 'node_modules', path);

requireNode();
if (!(await bringUpToDate(root))) process.exit(1);
const { python, environment, stop } = await readyStack();
// A long compile where it was never done, so it begins now and is waited for last.
const tier = wants('jest kubernetes') || (full && wants('jest long')) ? buildTier() : undefined;
// Helm takes longer to build than all tests take; without it the chart's own tests are skipped, and its committed rendering is tested.
const chartTools = full && wants('jest kubernetes') ? buildChartTools() : undefined;

const jest = (project, workers) => ({
  name: `jest ${project}`,
  command: [
    node,
    '--experimental-vm-modules',
    '--no-warnings',
    tool('jest/bin/jest.js'),
    '--selectProjects',
    project,
    '--maxWorkers',
    String(workers),
    '--json',
    '--outputFile',
    join(reports, `${project}.json`),
    // The workflow engine's native runtime keeps a handle open after its last test.
    '--forceExit',
  ],
  count: () => jestCounts(join(reports, `${project}.json`)),
});

const steps = [
  { name: 'format and lint', command: [node, tool('@biomejs/biome/bin/biome'), 'check', '.'] },
  { name: 'types', command: [node, tool('typescript/bin/tsc'), '--noEmit'] },
  {
    name: 'import rules',
    command: [
      node,
      tool('dependency-cruiser/bin/dependency-cruise.mjs'),
      'src',
      '--config',
      '.dependency-cruiser.cjs',
      '--output-type',
      'err',
    ],
  },
  { name: 'dead code', command: [node, tool('knip/bin/knip.js')] },
  { name: 'python lint', command: [python, '-m', 'ruff', 'check', '.'] },
  jest('unit', 2),
  jest('workflow', 2),
  {
    name: 'pytest',
    // Two processes; a file's tests stay together, since many share what its first one built.
    command: [python, '-m', 'pytest', '-n', '2', '--dist', 'loadfile', '--junitxml', join(reports, 'pytest.xml')],
    count: () => pytestCounts(join(reports, 'pytest.xml')),
  },
  jest('integration', 2),
  { ...jest('kubernetes', 1), before: startTier },
  ...(full ? [{ ...jest('long', 1), before: startTier }] : []),
].filter((step) => wants(step.name));

const total = { passed: 0, failed: 0, skipped: 0 };
const table = [];
for (const step of steps) {
  const started = Date.now();
  console.log(`\n── ${step.name}`);
  await step.before?.();
  const ok = await run(step.command);
  const counts = counted(step, ok);
  table.push([step.name, ok ? 'ok' : 'FAILED', `${((Date.now() - started) / 1000).toFixed(0)} s`, counts]);
  for (const key of Object.keys(total)) total[key] += counts[key];
}
rmSync(reports, { recursive: true, force: true });
await tier?.stop();
await stop();

console.log('');
for (const [name, verdict, time, counts] of table) {
  console.log(
    `${verdict.padEnd(7)} ${name.padEnd(18)} ${time.padStart(6)}   ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`,
  );
}
console.log('');
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed === 0 ? 0 : 1;

/** A runner that failed without a failing test (it crashed, or found none) counts as one failure. */
function counted(step, ok) {
  const counts = step.count?.() ?? { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 };
  return !ok && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

function wants(name) {
  return !only || only.some((part) => name.includes(part));
}

/** A real Kubernetes API server for the tests. Where it cannot be had they are skipped, which in CI is a failure. */
function buildTier() {
  return createTier(root, (variables) => Object.assign(environment, variables));
}

async function startTier() {
  await chartTools;
  await tier?.start();
}

function buildChartTools() {
  return run(['nice', '-n', '10', join(root, 'test', 'kubernetes', 'chart', 'tools.sh')]);
}

function run([program, ...args]) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...environment } });
    child.on('error', (error) => {
      console.error(error.message);
      resolve(false);
    });
    child.on('exit', (code) => resolve(code === 0));
  });
}

function jestCounts(path) {
  const report = readReport(path);
  if (!report) return { passed: 0, failed: 1, skipped: 0 };
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = JSON.parse(report);
  return { passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests + numTodoTests };
}

function pytestCounts(path) {
  const report = readReport(path);
  const suite = report?.match(/<testsuite [^>]*>/)?.[0];
  if (!suite) return { passed: 0, failed: 1, skipped: 0 };
  const number = (name) => Number(suite.match(new RegExp(` ${name}="(\\d+)"`))?.[1] ?? 0);
  const failed = number('failures') + number('errors');
  return { passed: number('tests') - failed - number('skipped'), failed, skipped: number('skipped') };
}

function readReport(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** Installs what the tests need and starts the servers they share; servers that ran before are left running. */
async function readyStack() {
  const { developmentPython, practicePackages, up } = await import('../dist/stack/up.js');
  const { status } = await import('../dist/stack/status.js');
  const onProgress = ({ piece, kind, message }) =>
    kind !== 'advance' && console.log(`  ${piece.padEnd(10)} ${message}`);
  const { pieces } = await status();
  const wasRunning = pieces.some((piece) => piece.state === 'running');
  const stack = await up({ onProgress });
  const python = await developmentPython({ onProgress });
  const packages = await practicePackages({ onProgress });
  return {
    python,
    environment: {
      AUTOMLGEN_PYTHON: stack.python,
      AUTOMLGEN_TEST_PYTHON: python,
      AUTOMLGEN_TEST_PRACTICE_PACKAGES: packages,
      AUTOMLGEN_TEST_MONGODB: stack.mongodbUri,
      AUTOMLGEN_TEST_BWRAP: stack.bwrap ?? '',
    },
    stop: async () => {
      if (!wasRunning) await run([node, join(root, 'bin', 'automlgen.mjs'), 'stack', 'down']);
    },
  };
}
