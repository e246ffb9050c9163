/** Whoever waits for the next change of one thing, or of anything. */

export interface Listeners<Name extends string> {
  /** Resolves at the next change, after `ms`, or when `signal` aborts. */
  next(name: Name | '*', ms: number, signal?: AbortSignal): Promise<void>;
  tell(name: Name): void;
  /** Whether somebody waits for this one by its name. */
  has(name: Name): boolean;
}

export function createListeners<Name extends string>(): Listeners<Name> {
  const waiting = new Map<Name | '*', Set<() => void>>();
  return {
    next: (name, ms, signal) =>
      new Promise((resolve) => {
        const set = waiting.get(name) ?? new Set();
        waiting.set(name, set);
        const wake = (): void => {
          clearTimeout(timer);
          set.delete(wake);
          if (set.size === 0 && waiting.get(name) === set) waiting.delete(name);
          signal?.removeEventListener('abort', wake);
          resolve();
        };
        const timer = setTimeout(wake, ms);
        set.add(wake);
        signal?.addEventListener('abort', wake);
        if (signal?.aborted) wake();
      }),
    tell(name) {
      for (const key of [name, '*'] as const) for (const wake of [...(waiting.get(key) ?? [])]) wake();
    },
    has: (name) => waiting.has(name),
  };
}
