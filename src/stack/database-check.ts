/** Asks a MongoDB server whether it takes writes, and makes a fresh replica set of one member take them. */

import type { Db } from 'mongodb';

export interface DatabaseReport {
  readonly version: string;
  readonly milliseconds: number;
}

/** NotYetInitialized: a member of a replica set that has never been configured. */
const NOT_INITIALISED = 94;

/** One attempt. `replicaSet` is given for a server of our own; the embedded one has none and ignores it. */
export async function checkDatabase(uri: string, replicaSet: string | undefined): Promise<void> {
  await withAdmin(uri, async (admin) => {
    // The older name of `hello`: the embedded server knows no other.
    const role = await admin.command({ isMaster: 1 });
    if (role.ismaster === true) return;
    if (replicaSet === undefined) throw new Error('it does not take writes');
    await initiate(admin, replicaSet, new URL(uri).host);
    throw new Error('its replica set is being set up');
  });
}

/** What `doctor` shows. Throws when the server does not answer within five seconds. */
export async function inspectDatabase(uri: string): Promise<DatabaseReport> {
  return withAdmin(uri, async (admin) => {
    const started = performance.now();
    await admin.command({ ping: 1 });
    const milliseconds = performance.now() - started;
    const { version } = await admin.command({ buildInfo: 1 });
    return { version: String(version), milliseconds };
  });
}

async function initiate(admin: Db, name: string, host: string): Promise<void> {
  const member = { _id: 0, host };
  try {
    const { config } = await admin.command({ replSetGetConfig: 1 });
    // The port may be another one than at the last start.
    if (config.members[0].host !== host) {
      const next = { ...config, version: config.version + 1, members: [{ ...config.members[0], host }] };
      await admin.command({ replSetReconfig: next, force: true });
    }
  } catch (error) {
    if ((error as { code?: unknown }).code !== NOT_INITIALISED) throw error;
    await admin.command({ replSetInitiate: { _id: name, members: [member] } });
  }
}

async function withAdmin<T>(uri: string, work: (admin: Db) => Promise<T>): Promise<T> {
  const { MongoClient } = await import('mongodb');
  const client = new MongoClient(uri, { serverSelectionTimeoutMS: 5_000, connectTimeoutMS: 5_000 });
  try {
    return await work(client.db('admin'));
  } finally {
    await client.close();
  }
}
