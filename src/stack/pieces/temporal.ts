/** Temporal: one program that is server, database and web page. */

import { join } from 'node:path';
import type { StackContext } from '../context.js';
import { atLeast, findProgram, isExecutable } from '../find-program.js';
import type { Program, ServerPiece } from '../piece.js';
import { runCommand } from '../run-command.js';
import { SEARCH_ATTRIBUTES } from '../search-attributes.js';
import { checkTemporal } from '../temporal-check.js';
import { toolFolder } from '../tool-folder.js';

/** The first whose development server has search attributes, dynamic configuration and a database file. */
const OLDEST = '1.5.0';

export const temporalPiece: ServerPiece = {
  kind: 'server',
  name: 'temporal',
  purpose: 'runs that survive a crash, and their web page',
  addressVariable: 'TEMPORAL_ADDRESS',
  portVariable: 'AUTOMLGEN_TEMPORAL_PORT',
  uiPortVariable: 'AUTOMLGEN_TEMPORAL_UI_PORT',
  optionalFlags: ['--ui-disable-news-fetch'],

  async lookFor(context) {
    const installed = await findProgram('temporal', context.environment);
    const version = installed && (await temporalVersion(installed));
    if (installed && version && atLeast(version, OLDEST)) {
      return { path: installed, label: `Temporal CLI ${version} (${installed})`, flavour: 'temporal' };
    }
    if (installed)
      context.note(`${installed} is passed over: version ${version ?? 'unknown'}, ${OLDEST} or later is needed.`);
    const cached = cachedProgram(context);
    return (await isExecutable(cached)) ? describe(cached) : undefined;
  },

  async get(context, installer) {
    context.report({
      piece: 'temporal',
      kind: 'get',
      message: `Temporal server with its web page (45 MB) → ${context.cache.tools}`,
    });
    await (await installer()).installTool('temporal', 'Temporal');
    return describe(cachedProgram(context));
  },

  plan(context, _program, { port, uiPort }) {
    const dataPath = join(context.cache.data, 'temporal.db');
    const attributes = Object.entries(SEARCH_ATTRIBUTES).flatMap(([name, type]) => [
      '--search-attribute',
      `${name}=${type}`,
    ]);
    const settings = Object.entries(DYNAMIC_CONFIG).flatMap(([key, value]) => [
      '--dynamic-config-value',
      `${key}=${value}`,
    ]);
    const place = ['--ip', '127.0.0.1', '--port', String(port), '--ui-port', String(uiPort), '--db-filename', dataPath];
    return {
      args: ['server', 'start-dev', ...place, '--ui-disable-news-fetch', ...attributes, ...settings],
      dataPath,
    };
  },

  address: (port) => `127.0.0.1:${port}`,
  check: checkTemporal,
};

/** One partition makes priorities strict instead of approximate. */
const DYNAMIC_CONFIG = {
  'matching.numTaskqueueReadPartitions': 1,
  'matching.numTaskqueueWritePartitions': 1,
};

async function describe(path: string): Promise<Program> {
  return { path, label: `Temporal CLI ${(await temporalVersion(path)) ?? 'of unknown version'}`, flavour: 'temporal' };
}

function cachedProgram(context: StackContext): string {
  return join(toolFolder(context.cache, 'temporal'), 'bin', 'temporal');
}

async function temporalVersion(path: string): Promise<string | undefined> {
  const { stdout } = await runCommand(path, ['--version'], { timeoutMs: 20_000 });
  return /version (\d+\.\d+\.\d+)/.exec(stdout)?.[1];
}
