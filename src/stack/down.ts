/** `down`: stops the servers that `up` started, and nothing else. */

import { rm } from 'node:fs/promises';
import { cacheFolder, prepareCache } from './cache-folder.js';
import type { Report } from './progress.js';
import { stopProcess } from './server-process.js';
import { withLock } from './stack-lock.js';
import { readState, rememberServer, type ServerName } from './state-file.js';

export interface DownOptions {
  /** Also removes everything under `<cache>/data`: runs, results, programs. Downloads stay. The caller has asked. Default false. */
  readonly purge?: boolean;
  readonly onProgress?: Report;
  /** Default: `process.env`. */
  readonly environment?: NodeJS.ProcessEnv;
}

export interface DownReport {
  readonly stopped: readonly ServerName[];
  /** Absent unless asked for. */
  readonly purged?: string;
}

const SERVERS: readonly ServerName[] = ['temporal', 'database'];

/** Harmless when nothing runs. Servers named in the environment are never touched. */
export async function down(options: DownOptions = {}): Promise<DownReport> {
  const cache = cacheFolder(options.environment ?? process.env);
  const report = options.onProgress ?? (() => undefined);
  await prepareCache(cache);
  const waiting = (pid: number): void =>
    report({ piece: 'stack', kind: 'wait', message: `another command (pid ${pid}) is using the same cache` });
  return withLock(cache.lockFile, waiting, async () => {
    const { servers } = readState(cache.stateFile);
    const stop = async (name: ServerName): Promise<readonly ServerName[]> => {
      const record = servers[name];
      const stopped = record !== undefined && (await stopProcess(record));
      // The record stays, for its port: the next start takes the same one, and workers find the server again.
      if (stopped) report({ piece: name, kind: 'stop', message: `${record.version} (pid ${record.pid})` });
      return stopped ? [name] : [];
    };
    const stopped = (await Promise.all(SERVERS.map(stop))).flat();
    if (options.purge !== true) return { stopped };
    for (const name of SERVERS) rememberServer(cache.stateFile, name, undefined);
    await rm(cache.data, { recursive: true, force: true });
    return { stopped, purged: cache.data };
  });
}
