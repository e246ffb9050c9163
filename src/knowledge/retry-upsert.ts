/** Two writers that upsert the same document race: one meets a duplicate key or, on some servers, a reported deadlock. */
import { MongoServerError } from 'mongodb';

const DUPLICATE_KEY = 11000;
const TRIES = 5;
const LONGEST_PAUSE_MS = 25;

/** Repeats an idempotent write up to five times with a jittered pause; passes every other error through. */
export async function retryUpsert<T>(write: () => Promise<T>, tries = TRIES): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (tries <= 1 || !isRace(error)) throw error;
    await new Promise((resolve) => setTimeout(resolve, Math.random() * LONGEST_PAUSE_MS));
    return retryUpsert(write, tries - 1);
  }
}

function isRace(error: unknown): boolean {
  return (
    error instanceof MongoServerError && (error.code === DUPLICATE_KEY || error.message.includes('deadlock detected'))
  );
}
