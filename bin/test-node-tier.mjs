// `npm run test:node-tier`: a real Kubernetes node on this machine, without Docker; the contract and the limits of programs in real
// pods; and a search of a practice competition by Jobs, with the list of Jobs in the middle of it. Needs root on Linux, and some minutes.
// `-- --only tests` or `-- --only demo` picks one of them. Where a node cannot be had it says SKIPPED and why.

import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const SKIPPED = 75;
const IMAGE = 'localhost/automlgen/runner:tier';
const GATEWAY = '10.244.0.1';
const NAMESPACE = 'automlgen-runs';

const root = fileURLToPath(new URL('..', import.meta.url));
const scripts = join(root, 'test/kubernetes/tier');
const cache = process.env.AUTOMLGEN_CACHE ?? join(homedir(), '.cache', 'automlgen');
const only = process.argv.includes('--only') ? process.argv[process.argv.indexOf('--only') + 1] : undefined;
const scratch = mkdtempSync(join(tmpdir(), 'automlgen-node-tier-'));
const run = join(scratch, 'run');
const environment = { ...process.env, K8S_TIER_RUN: run, KUBECONFIG: join(run, 'admin.kubeconfig') };

process.exitCode = await main();

async function main() {
  try {
    for (const [script, command] of [
      ['api-tier.sh', 'build'],
      ['node-tier.sh', 'build'],
      ['api-tier.sh', 'start'],
      ['node-tier.sh', 'start'],
    ]) {
      const code = await call(join(scripts, script), [command]);
      if (code === SKIPPED) return 0;
      if (code !== 0) return code;
    }
    const tests = only === 'demo' ? 0 : await runTests();
    const demo = only === 'tests' ? 0 : await runDemo();
    return tests || demo;
  } finally {
    await call(join(scripts, 'node-tier.sh'), ['stop']);
    await call(join(scripts, 'api-tier.sh'), ['stop']);
    rmSync(scratch, { recursive: true, force: true });
  }
}

function runTests() {
  const jest = join(root, 'node_modules/jest/bin/jest.js');
  const args = [
    '--experimental-vm-modules',
    '--no-warnings',
    jest,
    '--selectProjects',
    'node-tier',
    '--runInBand',
    '--forceExit',
  ];
  return call(process.execPath, args, {
    AUTOMLGEN_TEST_KUBERNETES: run,
    AUTOMLGEN_TEST_NODE_IMAGE: IMAGE,
    AUTOMLGEN_TEST_NODE_GATEWAY: GATEWAY,
  });
}

/** With servers and a worker of its own; only downloads are shared. */
async function runDemo() {
  const own = join(scratch, 'cache');
  mkdirSync(own);
  for (const name of ['python', 'tools', 'practice']) {
    mkdirSync(join(cache, name), { recursive: true });
    symlinkSync(join(cache, name), join(own, name));
  }
  const settings = join(scratch, 'kubernetes.yaml');
  writeFileSync(settings, settingsText());
  const here = { AUTOMLGEN_CACHE: own, AUTOMLGEN_KUBERNETES: settings, AUTOMLGEN_EXECUTOR: 'kubernetes' };
  const built = readdirSync(cache).filter((name) => name.startsWith('k8s-v'));
  const kubectl = join(cache, built.sort().at(-1) ?? '', 'kubectl');
  for (const name of ['namespaces', 'accounts', 'rbac', 'quota', 'network-policies'])
    await call(kubectl, ['apply', '-f', join(root, 'k8s/base', `${name}.yaml`)]);
  const command = join(root, 'bin/automlgen.mjs');
  try {
    let ended = false;
    const demo = call(
      process.execPath,
      [command, 'demo', '--budget', '10m', '--output', join(scratch, 'runs')],
      here,
    ).then((code) => {
      ended = true;
      return code;
    });
    for (let seconds = 0; !ended && seconds < 1200; seconds += 30) {
      await Promise.race([sleep(30_000), demo]);
      if (!ended) await call(process.execPath, [command, 'jobs'], here);
    }
    return await demo;
  } finally {
    await call(process.execPath, [command, 'stack', 'down'], here);
  }
}

function settingsText() {
  return `namespace: ${NAMESPACE}
image: ${IMAGE}
imagePullPolicy: Never
artefacts: {listen: "${GATEWAY}:28790", url: "http://${GATEWAY}:28790"}
classes:
  cpu: {slots: 2, cpus: 0.5, memoryMiB: 1024, diskMiB: 1024, shmMiB: 64, pids: 256}
`;
}

function call(program, args, more = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: root, stdio: 'inherit', env: { ...environment, ...more } });
    child.on('error', (error) => {
      console.error(error.message);
      resolve(1);
    });
    child.on('close', (code) => resolve(code ?? 1));
  });
}
