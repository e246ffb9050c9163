/** At most so many warm processes; a request waits for a free one, and a dead one is replaced by a fresh one. */
import { type EvaluatorProcess, ProcessLost } from './process.js';

export interface Pool {
  request(method: string, params: unknown, timeoutMs: number): Promise<unknown>;
  /** Stops all processes; requests that wait are refused. */
  close(): Promise<void>;
}

export function createPool(start: () => EvaluatorProcess, size: number): Pool {
  const idle: EvaluatorProcess[] = [];
  const all = new Set<EvaluatorProcess>();
  const waiting: { readonly take: (process: EvaluatorProcess) => void; readonly refuse: (error: Error) => void }[] = [];
  let closed = false;

  const forgetDead = () => {
    for (const process of all) if (!process.alive) all.delete(process);
  };
  const fresh = () => {
    const process = start();
    all.add(process);
    return process;
  };
  const acquire = (): Promise<EvaluatorProcess> => {
    if (closed) return Promise.reject(new ProcessLost('The evaluator is closed.', true));
    forgetDead();
    const free = idle.splice(0).filter((process) => process.alive);
    const taken = free.pop();
    idle.push(...free);
    if (taken) return Promise.resolve(taken);
    if (all.size < size) return Promise.resolve(fresh());
    return new Promise((take, refuse) => waiting.push({ take, refuse }));
  };
  const release = (process: EvaluatorProcess) => {
    if (closed) return;
    forgetDead();
    const next = waiting.shift();
    if (next) return next.take(process.alive ? process : fresh());
    if (process.alive) idle.push(process);
  };

  return {
    async request(method, params, timeoutMs) {
      const process = await acquire();
      try {
        return await process.request(method, params, timeoutMs);
      } finally {
        release(process);
      }
    },
    async close() {
      closed = true;
      for (const { refuse } of waiting.splice(0)) refuse(new ProcessLost('The evaluator is closed.', true));
      await Promise.all([...all].map((process) => process.stop()));
      all.clear();
    },
  };
}
