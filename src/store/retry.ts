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

function isRace(error: unknown): boolean {
  if (!(error instanceof MongoServerError)) return false;
  return error.code === DUPLICATE_KEY || error.message.includes('deadlock detected');
}
