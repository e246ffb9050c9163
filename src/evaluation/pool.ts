/** At most so many warm processes; a request waits for a free one, and a dead one is replaced by a fresh one. */
import { type EvaluatorProcess, ProcessLost } from './process.js';

export interface Pool {
  /**
   * `timeoutMs` counts from the moment a process takes the request, not while it waits for one. Once `signal` aborts, a waiting request is
   * forgotten and a running one ends with its process; both reject with the signal's reason.
   */
  request(method: string, params: unknown, timeoutMs: number, signal?: AbortSignal): Promise<unknown>;
  /** Stops all processes; requests that wait are refused. */
  close(): Promise<void>;
}

interface Waiting {
  readonly take: (process: EvaluatorProcess) => void;
  readonly refuse: (error: unknown) => void;
}

export function createPool(start: () => EvaluatorProcess, size: number): Pool {
  const idle: EvaluatorProcess[] = [];
  const all = new Set<EvaluatorProcess>();
  const waiting = new Set<Waiting>();
  let closed = false;

  const forgetDead = () => {
    for (const process of all) if (!process.alive) all.delete(process);
  };
  const fresh = () => {
    const process = start();
    all.add(process);
    return process;
  };
  const acquire = (signal: AbortSignal | undefined): Promise<EvaluatorProcess> => {
    if (closed) return Promise.reject(new ProcessLost('The evaluator is closed.', { final: true }));
    forgetDead();
    const free = idle.splice(0).filter((process) => process.alive);
    const taken = free.pop();
    idle.push(...free);
    if (taken) return Promise.resolve(taken);
    if (all.size < size) return Promise.resolve(fresh());
    return new Promise((take, refuse) => wait(waiting, { take, refuse }, signal));
  };
  const release = (process: EvaluatorProcess) => {
    if (closed) return;
    forgetDead();
    const [next] = waiting;
    if (next) {
      waiting.delete(next);
      next.take(process.alive ? process : fresh());
    } else if (process.alive) idle.push(process);
  };

  return {
    async request(method, params, timeoutMs, signal) {
      signal?.throwIfAborted();
      const process = await acquire(signal);
      const end = () => void process.stop();
      signal?.addEventListener('abort', end);
      try {
        const reply = await process.request(method, params, timeoutMs);
        // It may have come while its process was ending.
        signal?.throwIfAborted();
        return reply;
      } catch (error) {
        signal?.throwIfAborted();
        throw error;
      } finally {
        signal?.removeEventListener('abort', end);
        release(process);
      }
    },
    async close() {
      closed = true;
      const refused = [...waiting];
      waiting.clear();
      for (const { refuse } of refused) refuse(new ProcessLost('The evaluator is closed.', { final: true }));
      await Promise.all([...all].map((process) => process.stop()));
      all.clear();
    },
  };
}

/** In the order of coming, until a process is taken or the signal aborts. */
function wait(waiting: Set<Waiting>, { take, refuse }: Waiting, signal: AbortSignal | undefined): void {
  const leave = () => {
    waiting.delete(place);
    refuse(signal?.reason);
  };
  const place: Waiting = {
    take: (process) => {
      signal?.removeEventListener('abort', leave);
      take(process);
    },
    refuse,
  };
  signal?.addEventListener('abort', leave, { once: true });
  waiting.add(place);
}
