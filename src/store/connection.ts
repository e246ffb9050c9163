/** One connection to a MongoDB-compatible server. Every collection is named here. */
import { type Db, MongoClient } from 'mongodb';
import { UserError } from '../domain/errors.js';

export interface Database {
  readonly db: Db;
  close(): Promise<void>;
}

/**
 * Connects and pings. The database name comes from the URI's path, `automlgen` when it has none.
 * @throws UserError `stack-not-running` when no server answers within five seconds.
 */
export async function openDatabase(uri: string): Promise<Database> {
  const client = new MongoClient(uri, { serverSelectionTimeoutMS: 5_000, retryWrites: false, ignoreUndefined: true });
  try {
    await client.connect();
    const name = new URL(uri).pathname.slice(1);
    const db = client.db(name === '' ? 'automlgen' : name);
    await db.command({ ping: 1 });
    return { db, close: () => client.close() };
  } catch (cause) {
    await client.close();
    throw new UserError(
      'stack-not-running',
      `No database answers at ${withoutPassword(uri)}.`,
      'Start the embedded stack with `automlgen stack up`, or set MONGODB_URI.',
      { cause },
    );
  }
}

function withoutPassword(uri: string): string {
  return uri.replace(/\/\/[^@/]*@/, '//…@');
}
