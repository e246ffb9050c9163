// Rewrites python/requirements*.lock from the .in files beside them: `node bin/lock-python.mjs [--upgrade]`.
// Needs the `uv` command (`pip install uv`). One version per package for CPython 3.11 to 3.13 on every platform, all hashes, no host names.

import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../python', import.meta.url));
const options = [
  '--quiet --generate-hashes --universal --fork-strategy fewest --python-version 3.11',
  '--no-header --no-annotate --no-emit-index-url --no-emit-find-links',
]
  .join(' ')
  .split(' ');

// Packages of which only data files are read need none of what they import.
const DATA_ONLY = ['requirements-tool-practice.in'];

// requirements.in first: the development lock is constrained by it.
for (const source of readdirSync(folder)
  .filter((name) => /^requirements.*\.in$/.test(name))
  .sort((a, b) => Number(b === 'requirements.in') - Number(a === 'requirements.in'))) {
  const target = source.replace(/\.in$/, '.lock');
  const alone = DATA_ONLY.includes(source) ? ['--no-deps'] : [];
  const args = ['pip', 'compile', source, '--output-file', target, ...options, ...alone, ...process.argv.slice(2)];
  const { status, error } = spawnSync('uv', args, { cwd: folder, stdio: 'inherit' });
  if (error || status !== 0) {
    console.error(
      error ? `uv could not be started: ${error.message}. Install it with: pip install uv` : `uv failed on ${source}.`,
    );
    process.exit(1);
  }
  console.log(`python/${target}`);
}
