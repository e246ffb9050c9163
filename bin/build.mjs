// `npm run build`: TypeScript to dist, then the workflow bundle that workers load. Both do only what has changed.
// Nothing is copied: templates, knowledge entries and Python files are read from where they lie in the package.

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { newestChange } from './newest-change.mjs';
import { run } from './run.mjs';

const root = fileURLToPath(new URL('../', import.meta.url));
const dist = join(root, 'dist');

/** Resolves to false, after the compiler has said why, when the sources do not build. */
export async function build() {
  console.error('Building …');
  const started = performance.now();
  // A change made while the compiler runs must count as newer than the build.
  const startedAt = new Date();
  removeOrphans();
  const { status } = await run(
    process.execPath,
    [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json'],
    {
      cwd: root,
    },
  );
  if (status !== 0) {
    console.error('The sources do not compile; nothing was started.');
    return false;
  }
  await bundleWorkflows();
  writeStamp(startedAt);
  console.error(`Built in ${((performance.now() - started) / 1000).toFixed(1)} s.`);
  return true;
}

/** Removes what was compiled from a source that is gone; without the stamp of a whole build the compiler starts from nothing. */
function removeOrphans() {
  if (!existsSync(join(dist, 'build.json'))) rmSync(join(dist, '.tsbuildinfo'), { force: true });
  const orphans = filesOf(dist)
    .filter((path) => /\.js(\.map)?$/.test(path) && !path.includes('workflow-bundle.js'))
    .filter((path) => !existsSync(join(root, 'src', relative(dist, path).replace(/\.js(\.map)?$/, '.ts'))));
  for (const path of orphans) rmSync(path);
}

/** One file for the workflow sandbox, made now rather than at every start of a worker. Source maps inside: errors name the sources. */
async function bundleWorkflows() {
  const entry = join(dist, 'workflows', 'index.js');
  const bundle = join(dist, 'workflow-bundle.js');
  if (!existsSync(entry)) return;
  // The folders that workflows may import from.
  const inputs = ['workflows', 'search', 'domain', 'activities'].map((name) => join(dist, name));
  if (existsSync(bundle) && statSync(bundle).mtimeMs >= newestChange([...inputs, join(root, 'package-lock.json')]))
    return;
  const { bundleWorkflowCode } = await import('@temporalio/worker');
  const logger = quietLogger();
  const { code } = await bundleWorkflowCode({ workflowsPath: entry, logger });
  writeFileSync(bundle, code);
}

/** The bundler tells its size and duration; only what is wrong is of interest. */
function quietLogger() {
  const silent = () => undefined;
  const warn = (message) => console.error(message);
  return { log: silent, trace: silent, debug: silent, info: silent, warn, error: warn };
}

/** `hash` changes with the compiled code: a worker that runs other code than this is replaced. */
function writeStamp(startedAt) {
  const hash = createHash('sha256');
  for (const path of filesOf(dist).filter((name) => name.endsWith('.js'))) hash.update(readFileSync(path));
  const stamp = join(dist, 'build.json');
  writeFileSync(stamp, `${JSON.stringify({ hash: hash.digest('hex') })}\n`);
  utimesSync(stamp, startedAt, startedAt);
}

function filesOf(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

if (process.argv[1] === fileURLToPath(import.meta.url) && !(await build())) process.exit(1);
