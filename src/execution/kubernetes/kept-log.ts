/** Follows the log of one container while it is there, and keeps its end: for a program whose supervisor was killed with it. */

import type { Gateway } from './gateway.js';
import { followLog, type LogSource } from './logs.js';

const MOST_CHARACTERS = 24_000;
/** Streams have a limit of their own; who comes later reads the tail at the end. */
const MOST_FOLLOWED = 12;

let followed = 0;

export interface KeptLog {
  text(): string;
  stop(): void;
}

/** Undefined when enough logs are followed already. */
export function keepLog(gateway: Gateway, source: LogSource): KeptLog | undefined {
  if (followed >= MOST_FOLLOWED) return undefined;
  followed += 1;
  const ended = new AbortController();
  let text = '';
  const read = async (): Promise<void> => {
    for await (const line of followLog(gateway, source, { signal: ended.signal })) {
      text += `${line.text}\n`;
      if (text.length > 4 * MOST_CHARACTERS) text = text.slice(-MOST_CHARACTERS);
    }
  };
  void read().finally(() => {
    followed -= 1;
  });
  return { text: () => text.slice(-MOST_CHARACTERS), stop: () => ended.abort() };
}
