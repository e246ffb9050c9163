/** Ports that stay the same from start to start, so that workers find a restarted server again. */

import { createHash } from 'node:crypto';
import { createServer } from 'node:net';
import { UserError } from '../domain/errors.js';

/** Below the range that systems hand out for outgoing connections (32768 on Linux, 49152 on macOS). */
const FIRST = 20_000;
const COUNT = 12_000;

export interface PortWish {
  /** Distinguishes caches and pieces from each other: the first port tried follows from it. */
  readonly key: string;
  /** A port that was used before; preferred while it is free. */
  readonly last?: number | undefined;
  /** A port that the user demands, with the name of the setting. */
  readonly demanded?: { readonly setting: string; readonly value: string } | undefined;
}

/** A free port on 127.0.0.1. Throws `port-taken` for a demanded port in use, `option-invalid` for one that is no port. */
export async function choosePort(wish: PortWish): Promise<number> {
  if (wish.demanded) return demandedPort(wish.demanded.setting, wish.demanded.value);
  const hash = createHash('sha256').update(wish.key).digest().readUInt32BE();
  const candidates = Array.from({ length: 200 }, (_, index) => FIRST + ((hash + index) % COUNT));
  for (const port of wish.last === undefined ? candidates : [wish.last, ...candidates]) {
    if (await isFree(port)) return port;
  }
  throw new UserError('port-taken', `No port from ${candidates[0]} on is free.`, 'Stop a program that listens there.');
}

/** True when something can listen there now. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}

async function demandedPort(setting: string, value: string): Promise<number> {
  const port = Number(value);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new UserError(
      'option-invalid',
      `${setting} is "${value}", which is no port.`,
      'Give a number from 1 to 65535.',
    );
  }
  if (!(await isFree(port))) {
    throw new UserError(
      'port-taken',
      `Port ${port}, named by ${setting}, is in use by another program.`,
      `Stop that program, name another port, or unset ${setting} to have a free one chosen.`,
    );
  }
  return port;
}
