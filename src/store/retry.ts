/** Absorbs the two faults that racing upserts meet on a MongoDB-compatible server: duplicate key, and a reported deadlock. */
import { MongoServerError } from 'mongodb';

const DUPLICATE_KEY = 11000;
const TRIES = 5;

/** Runs `write` up to five times with jitter; any other error passes through at once. `write` must be idempotent. */
export async function retryWrite<T>(write: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await write();
    } catch (error) {
      if (attempt === TRIES || !isRace(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 20 * attempt));
    }
  }
}

/** The document is there already. */
export function isDuplicate(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === DUPLICATE_KEY;
}

function isRace(error: unknown): boolean {
  return isDuplicate(error) || (error instanceof MongoServerError && error.message.includes('deadlock detected'));
}
