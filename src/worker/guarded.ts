/** What no program may reach on this machine, as the composition root knows it. */
import { join } from 'node:path';
import type { Guarded, GuardedServer } from '../activities/dependencies.js';

export interface GuardedSettings {
  readonly mongodbUri: string;
  readonly temporalAddress?: string;
  /** Where programs on other machines find this one; absent where they run on it. */
  readonly seenAs?: string;
  readonly runtimeFolder: string;
  readonly blobFolder: string;
  readonly preparedFolder: string;
  readonly executionFolder: string;
  /** Cache of the embedded stack. */
  readonly cacheFolder: string;
}

const TEMPORAL_PORT = 7233;
const MONGODB_PORT = 27017;

export function guardedBy(settings: GuardedSettings): Guarded {
  const { blobFolder, preparedFolder, executionFolder, cacheFolder, runtimeFolder } = settings;
  const data = join(cacheFolder, 'data');
  return {
    probe: join(runtimeFolder, 'automlgen_runtime', 'isolation_probe.py'),
    places: [
      { what: 'stored programs, logs and predictions', path: blobFolder, vital: false },
      { what: 'prepared tasks of other runs', path: preparedFolder, vital: true },
      { what: 'folders of other executions', path: executionFolder, vital: true },
      { what: 'the data of the servers', path: data, vital: true },
      { what: "the workflow engine's database", path: join(data, 'temporal.db'), vital: true },
      { what: 'the document database', path: join(data, 'database.mv'), vital: true },
      { what: 'the addresses of the servers', path: join(cacheFolder, 'stack.json'), vital: false },
      { what: 'the logs of the servers', path: join(cacheFolder, 'logs'), vital: false },
      { what: 'the cache', path: cacheFolder, vital: false },
    ],
    servers: serversOf(settings),
  };
}

/** The servers of this installation. */
export function serversOf(
  settings: Pick<GuardedSettings, 'mongodbUri' | 'temporalAddress' | 'seenAs'>,
): readonly GuardedServer[] {
  const servers = [
    ...hostsOf(settings.mongodbUri).map((host) => serverOf('connect to the document database', host, MONGODB_PORT)),
    serverOf('connect to the workflow engine', settings.temporalAddress ?? 'localhost', TEMPORAL_PORT),
  ];
  const { seenAs } = settings;
  // The loopback of a pod is its own: what listens on ours is tried by both addresses.
  return seenAs === undefined
    ? servers
    : servers.flatMap((one) => (/^(localhost|127\..*|::1)$/.test(one.host) ? [one, { ...one, host: seenAs }] : [one]));
}

/** Hosts of a MongoDB address, without the user and the password that it may hold. */
function hostsOf(uri: string): readonly string[] {
  const hosts = /^mongodb(?:\+srv)?:\/\/(?:[^@/]*@)?([^/?]+)/.exec(uri)?.[1];
  return hosts?.split(',') ?? [];
}

function serverOf(what: string, address: string, usual: number): GuardedServer {
  const [, host = address, port] = /^(.*?)(?::(\d+))?$/.exec(address) ?? [];
  return { what, host, port: port === undefined ? usual : Number(port), vital: true };
}
