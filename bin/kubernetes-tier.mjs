/** The Kubernetes API server of the tests: built in the background, started when it is needed, stopped at the end. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Exit code of the script where the tier cannot be had. */
const SKIPPED = 75;

/** `provide` is given the variables that the tests read. */
export function createTier(root, provide) {
  const script = join(root, 'test', 'kubernetes', 'tier', 'api-tier.sh');
  const folder = mkdtempSync(join(tmpdir(), 'automlgen-tier-'));
  const environment = { ...process.env, K8S_TIER_RUN: join(folder, 'run'), K8S_TIER_MINIMAL: '1' };
  const call = (command, ...words) => output([...words, script, command], environment);
  const built = call('build', 'nice', '-n', '10');
  let started = false;
  return {
    async start() {
      if (started) return;
      const { code } = await built;
      if (code !== 0) {
        console.log(
          code === SKIPPED
            ? 'SKIPPED: no Kubernetes API server can be had here.'
            : 'The Kubernetes API server could not be built.',
        );
        return;
      }
      const { code: status, text } = await call('start');
      started = true;
      if (status === 0) provide({ AUTOMLGEN_TEST_KUBERNETES: /AUTOMLGEN_TEST_KUBERNETES=(\S+)/.exec(text)?.[1] });
    },
    async stop() {
      if (started) await call('stop');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What the script prints for its caller; its messages go to ours. */
function output([program, ...args], env) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
    });
    child.on('error', (error) => resolve({ code: 1, text: error.message }));
    child.on('close', (code) => resolve({ code, text }));
  });
}
