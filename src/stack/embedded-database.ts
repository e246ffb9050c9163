/** The embedded MongoDB-compatible server: a small Java program of ours over published archives, compiled on this machine. */

import { readFileSync } from 'node:fs';
import { cp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { StackContext } from './context.js';
import { installFailure } from './install-failure.js';
import { findJava, getJava } from './java.js';
import { packageFile } from './package-root.js';
import type { GetInstaller, Program } from './piece.js';
import { runCommand } from './run-command.js';
import { contentHash, exists, fillOnce, toolFolder } from './tool-folder.js';

export const EMBEDDED_DATABASE = 'embedded';

const SOURCE = packageFile('src', 'stack', 'embedded-mongo', 'EmbeddedMongo.java');
const LOCK = packageFile('src', 'stack', 'embedded-mongo', 'jars.lock');
const FETCH = packageFile('src', 'stack', 'embedded-mongo', 'fetch_jars.py');

/** Small on purpose: the store keeps its own cache, and two hundred runs fit easily. */
const JAVA_OPTIONS = ['-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Dfile.encoding=UTF-8'];

/** The program, if Java and the compiled server are there. */
export async function lookForEmbeddedDatabase(context: StackContext): Promise<Program | undefined> {
  const folder = serverFolder(context);
  const java = (await exists(folder)) ? await findJava(context) : undefined;
  return java ? describe(java, folder) : undefined;
}

/** Fetches what is missing of Java and the archives, side by side, and compiles the server. */
export async function getEmbeddedDatabase(context: StackContext, installer: GetInstaller): Promise<Program> {
  const [java, jars] = await Promise.all([getJava(context, installer), getJars(context, installer)]);
  const folder = await fillOnce(serverFolder(context), async (temporary) => {
    await cp(jars, join(temporary, 'jars'), { recursive: true });
    await mkdir(join(temporary, 'classes'));
    await compile(java, temporary);
  });
  return describe(java, folder);
}

function describe(java: string, folder: string): Program {
  const classPath = [join(folder, 'classes'), join(folder, 'jars', '*')].join(':');
  return {
    path: java,
    label: 'embedded MongoDB-compatible store (for trying out; use MongoDB for real work)',
    flavour: EMBEDDED_DATABASE,
    leading: [...JAVA_OPTIONS, '-cp', classPath, 'EmbeddedMongo'],
  };
}

/** Named after everything that goes into it. */
function serverFolder(context: StackContext): string {
  return join(context.cache.tools, `embedded-mongo-${contentHash([SOURCE, LOCK])}`);
}

async function getJars(context: StackContext, installer: GetInstaller): Promise<string> {
  return fillOnce(join(context.cache.tools, `jars-${contentHash([LOCK])}`), async (folder) => {
    const count = readFileSync(LOCK, 'utf8').trim().split('\n').length;
    const message = `embedded MongoDB-compatible store (${count} Java archives, 9 MB) → ${context.cache.tools}`;
    context.report({ piece: 'database', kind: 'get', message });
    const { python, installTool } = await installer();
    // The fetcher is bound to one version of Python, so it is not kept.
    const fetcher = await installTool('jars', 'The fetcher of Java archives');
    const environment = { ...context.environment, PYTHONPATH: fetcher, PYTHONDONTWRITEBYTECODE: '1' };
    const result = await runCommand(python.path, [FETCH, LOCK, folder], { environment });
    await rm(toolFolder(context.cache, 'jars'), { recursive: true, force: true });
    if (result.status !== 0) throw installFailure('The embedded store', result);
  });
}

async function compile(java: string, folder: string): Promise<void> {
  const jars = join(folder, 'jars');
  const compiler = join(jars, 'ecj-3.33.0.jar');
  const classPath = readFileSync(LOCK, 'utf8')
    .trim()
    .split('\n')
    .map((line) => join(jars, `${line.split(':').slice(1).join('-')}.jar`))
    .join(':');
  const args = ['-jar', compiler, '-17', '-nowarn', '-cp', classPath, '-d', join(folder, 'classes'), SOURCE];
  const result = await runCommand(java, args);
  if (result.status !== 0) throw installFailure('The embedded store', result);
  await rm(compiler);
}
