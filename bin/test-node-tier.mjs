// `npm run test:node-tier`: a real Kubernetes node on this machine, without Docker; the contract and the limits of programs in real
// pods; and a search of a practice competition by Jobs, with the list of Jobs in the middle of it. Needs root on Linux, and some 20 minutes.
// `-- --only tests` or `-- --only demo` picks one of them, `-- --budget 6m` is for the demo, `-- --output folder` keeps its results.
// Where a node cannot be had it says SKIPPED and why. Everything is bounded; however this process ends, SIGKILL included, a guard takes
// the node down, and the machine is compared with what it was. The last line says PASSED or FAILED and what of.

import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { findResult, isolationOf } from './node-tier-report.mjs';
import { createProcesses } from './processes.mjs';

const SKIPPED = 75;
const IMAGE = 'localhost/automlgen/runner:tier';
const GATEWAY = '10.244.0.1';
const NAMESPACE = 'automlgen-runs';
/** Longest times, in minutes. A cold build compiles Kubernetes. */
const MINUTES = { build: 60, start: 5, tests: 25, demo: 25, jobs: 1, guard: 6 };
const LIST_EVERY_MS = 30_000;
/** Namespaces and mounts of a pod go a moment after it. */
const SETTLE_MS = 30_000;

const root = fileURLToPath(new URL('..', import.meta.url));
const tier = join(root, 'test/kubernetes/tier');
const cache = process.env.AUTOMLGEN_CACHE ?? join(homedir(), '.cache', 'automlgen');
const { values: options } = parseArgs({
  options: { only: { type: 'string' }, budget: { type: 'string', default: '10m' }, output: { type: 'string' } },
});
const command = join(root, 'bin/automlgen.mjs');

process.exitCode = await main();

async function main() {
  const scratch = mkdtempSync(join(tmpdir(), 'automlgen-node-tier-'));
  const run = join(scratch, 'run');
  const environment = { ...process.env, K8S_TIER_RUN: run, KUBECONFIG: join(run, 'admin.kubeconfig') };
  const processes = createProcesses({ cwd: root, environment, guard: [join(tier, 'guard.sh'), scratch] });
  const told = { said: [], faults: [] };
  const before = await machineState(processes);
  const skipped = await parts(processes, scratch, told);
  if (processes.interrupted) told.faults.push(`interrupted by ${processes.interrupted}`);
  if ((await processes.close(MINUTES.guard)) !== 0) told.faults.push('the node was not taken down');
  const changes = skipped ? [] : await changesOf(before);
  if (changes.length === 0) told.said.push('the machine is as it was');
  told.faults.push(...changes);
  if (skipped && told.faults.length === 0) return 0;
  const verdict = told.faults.length === 0 ? 'PASSED' : 'FAILED';
  console.log(`\nnode tier ${verdict}: ${[...told.faults, ...told.said].join('; ')}.`);
  return told.faults.length === 0 ? 0 : 1;
}

/** True when a node cannot be had here. */
async function parts(processes, scratch, { said, faults }) {
  try {
    const started = await startNode(processes);
    if (started === SKIPPED) return true;
    if (started !== 0) throw new Error('the node did not start');
    if (options.only !== 'demo') await part('tests', () => runTests(processes, scratch), { said, faults });
    if (options.only !== 'tests' && !processes.interrupted)
      await part('demo', () => runDemo(processes, scratch), { said, faults });
  } catch (error) {
    faults.push(error.message);
  }
  return false;
}

async function part(name, work, { said, faults }) {
  console.log(`\n── ${name}`);
  const { words, fault } = await work();
  if (words) said.push(words);
  if (fault) faults.push(fault);
}

async function startNode(processes) {
  for (const [script, step, minutes] of [
    ['api-tier.sh', 'build', MINUTES.build],
    ['node-tier.sh', 'build', MINUTES.build],
    ['api-tier.sh', 'start', MINUTES.start],
    ['node-tier.sh', 'start', MINUTES.start],
  ]) {
    const { code } = await processes.run([join(tier, script), step], { minutes });
    if (code !== 0) return code;
  }
  return 0;
}

async function runTests(processes, scratch) {
  const report = join(scratch, 'tests.json');
  const jest = join(root, 'node_modules/jest/bin/jest.js');
  const flags = ['--selectProjects', 'node-tier', '--runInBand', '--forceExit', '--json', '--outputFile', report];
  const { code } = await processes.run(
    [process.execPath, '--experimental-vm-modules', '--no-warnings', jest, ...flags],
    {
      minutes: MINUTES.tests,
      environment: {
        AUTOMLGEN_TEST_KUBERNETES: join(scratch, 'run'),
        AUTOMLGEN_TEST_NODE_IMAGE: IMAGE,
        AUTOMLGEN_TEST_NODE_GATEWAY: GATEWAY,
      },
    },
  );
  const counts = countsIn(report);
  const words = `tests: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`;
  const fine = code === 0 && counts.passed > 0 && counts.failed === 0;
  return { words, ...(!fine && { fault: 'the tests failed' }) };
}

function countsIn(path) {
  try {
    const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(path, 'utf8'));
    return { passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests };
  } catch {
    return { passed: 0, failed: 0, skipped: 0 };
  }
}

/** With servers and a worker of its own; only downloads are shared. */
async function runDemo(processes, scratch) {
  const environment = demoSettings(scratch);
  const kubectl = join(scratch, 'run', 'kubectl');
  for (const name of ['namespaces', 'accounts', 'rbac', 'quota', 'network-policies']) {
    const applied = [kubectl, 'apply', '-f', join(root, 'k8s/base', `${name}.yaml`)];
    if ((await processes.run(applied, { minutes: 1 })).code !== 0)
      return { fault: `k8s/base/${name}.yaml was refused` };
  }
  const output = options.output ? resolve(options.output) : join(scratch, 'runs');
  const demo = { ended: false };
  const ending = processes
    .run(
      [process.execPath, command, 'demo', '--executor', 'kubernetes', '--budget', options.budget, '--output', output],
      {
        minutes: MINUTES.demo,
        environment,
      },
    )
    .then(({ code }) => Object.assign(demo, { ended: true, code }));
  let most = 0;
  while (!demo.ended) {
    await Promise.race([sleep(LIST_EVERY_MS, undefined, { ref: false }), ending]);
    if (!demo.ended) most = Math.max(most, await listJobs(processes, environment));
  }
  return judged(demo.code, most, output);
}

/** How many run. */
async function listJobs(processes, environment) {
  const { text } = await processes.run([process.execPath, command, 'jobs'], {
    minutes: MINUTES.jobs,
    environment,
    keep: true,
  });
  return text.split('\n').filter((line) => /^aml-.*\brunning\b/.test(line)).length;
}

function judged(code, most, output) {
  const result = findResult(output);
  if (code !== 0 || result === undefined) return { fault: `the demo ended with exit code ${code}` };
  console.log(`\n${isolationOf(result.report)}\n`);
  const faults = [
    ...(most === 0 ? ['no list showed a Job at work'] : []),
    ...(/Scores are not protected|Isolation is not proven|Not attested/.test(result.report)
      ? ['isolation is not proven']
      : []),
  ];
  const words = `demo: ${result.headline}, at most ${most} Jobs at once in a list`;
  return { words, ...(faults.length > 0 && { fault: faults.join(', ') }) };
}

function demoSettings(scratch) {
  const own = join(scratch, 'cache');
  mkdirSync(own);
  for (const name of ['python', 'tools', 'practice']) {
    mkdirSync(join(cache, name), { recursive: true });
    symlinkSync(join(cache, name), join(own, name));
  }
  const settings = join(scratch, 'kubernetes.yaml');
  writeFileSync(
    settings,
    `namespace: ${NAMESPACE}
image: ${IMAGE}
imagePullPolicy: Never
artefacts: {listen: "${GATEWAY}:28790", url: "http://${GATEWAY}:28790"}
classes:
  cpu: {slots: 2, cpus: 0.5, memoryMiB: 1024, diskMiB: 1024, shmMiB: 64, pids: 256}
`,
  );
  return { AUTOMLGEN_CACHE: own, AUTOMLGEN_KUBERNETES: settings };
}

async function machineState(processes) {
  const { code, text } = await processes.run([join(tier, 'machine-state.sh')], {
    minutes: 1,
    keep: true,
    silent: true,
  });
  if (code !== 0) throw new Error('the state of the machine cannot be read');
  return new Set(text.split('\n').filter(Boolean));
}

async function changesOf(before) {
  const processes = createProcesses({ cwd: root, environment: process.env });
  const deadline = Date.now() + SETTLE_MS;
  for (;;) {
    const after = await machineState(processes);
    const changes = [
      ...[...after].filter((line) => !before.has(line)).map((line) => `left on the machine: ${line}`),
      ...[...before].filter((line) => !after.has(line)).map((line) => `lost from the machine: ${line}`),
    ];
    if (changes.length === 0 || Date.now() > deadline) return changes;
    await sleep(1000);
  }
}
