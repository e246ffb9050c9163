// Brings node_modules and dist up to date with the sources of a clone; both checks together take a few milliseconds.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { newestChange } from './newest-change.mjs';
import { run } from './run.mjs';

/** Resolves to false, after saying why, when the packages cannot be installed or the sources do not build. */
export async function bringUpToDate(root) {
  if (packagesAreCurrent(root) && buildIsCurrent(root)) return true;
  mkdirSync(join(root, 'dist'), { recursive: true });
  return alone(join(root, 'dist', '.setup-lock'), async () => {
    if (!packagesAreCurrent(root) && !(await installPackages(root))) return false;
    if (buildIsCurrent(root)) return true;
    const { build } = await import('./build.mjs');
    return build();
  });
}

/** True when node_modules was installed from this very package-lock.json, by us (a note says so) or by hand (it is newer). */
export function packagesAreCurrent(root) {
  const installed = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installed)) return false;
  const note = installNote(root);
  if (existsSync(note) && readFileSync(note, 'utf8') === lockHash(root)) return true;
  return statSync(installed).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs;
}

/** True when dist was built after the last change of anything that it is built from. */
export function buildIsCurrent(root) {
  const stamp = join(root, 'dist', 'build.json');
  if (!existsSync(stamp)) return false;
  const sources = ['src', 'tsconfig.json', 'tsconfig.build.json', 'package-lock.json', join('bin', 'build.mjs')];
  return newestChange(sources.map((name) => join(root, name))) <= statSync(stamp).mtimeMs;
}

async function installPackages(root) {
  const why = existsSync(join(root, 'node_modules')) ? 'package-lock.json has changed' : 'this is the first start';
  console.error(`Installing the Node packages (${why}; about 470 MB in node_modules, once, with npm ci) …`);
  const started = performance.now();
  const npm = process.env.npm_execpath?.endsWith('.js') ? [process.execPath, process.env.npm_execpath] : ['npm'];
  const [file, ...first] = npm;
  const args = [...first, 'ci', '--include=dev', '--no-fund', '--no-audit', '--loglevel=error'];
  const { status, error } = await run(file, args, { cwd: root });
  if (status !== 0) {
    console.error(error ? `npm could not be started: ${error.message}` : `npm ci ended with status ${status}.`);
    console.error('Check the network and npm’s settings, then try again.');
    return false;
  }
  writeFileSync(installNote(root), lockHash(root));
  console.error(`Node packages installed in ${seconds(started)}.`);
  return true;
}

/** Two starts at once must not install into the same folder: the second waits for the first. */
async function alone(lock, work) {
  for (let waits = 0; !tryLock(lock); waits += 1) {
    if (waits === 0) console.error('Another command is installing or building here; waiting for it …');
    await sleep(200);
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

/** A folder with the owner's pid in it; one whose owner is gone is taken over. */
function tryLock(lock) {
  try {
    mkdirSync(lock);
    writeFileSync(join(lock, 'pid'), String(process.pid));
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (!ownerIsAlive(lock)) rmSync(lock, { recursive: true, force: true });
    return false;
  }
}

function ownerIsAlive(lock) {
  try {
    const text = existsSync(join(lock, 'pid')) ? readFileSync(join(lock, 'pid'), 'utf8') : '';
    // Made a moment ago: its owner has not written its number yet.
    if (text === '') return Date.now() - statSync(lock).mtimeMs < 5_000;
    process.kill(Number(text), 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function installNote(root) {
  return join(root, 'node_modules', '.automlgen-installed');
}

function lockHash(root) {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
}

function seconds(started) {
  return `${Math.round((performance.now() - started) / 1000)} s`;
}
