/** Where the artefact endpoint listens: `host:port`, an IPv6 host in brackets; `:port` is every interface of both families. */
import { isIPv6 } from 'node:net';

export interface ListenAddress {
  /** Without brackets; empty for every interface. */
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
}

const NAME = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/i;

/** Undefined for what is no such address, for example a port without its colon. */
export function listenAddress(text: string): ListenAddress | undefined {
  const [, bracketed, name = '', digits] = /^(?:\[(.*)\]|([^:[\]]*)):(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits ?? Number.NaN);
  if (!(port <= 65_535)) return undefined;
  if (bracketed !== undefined) return isIPv6(bracketed) ? { host: bracketed, port } : undefined;
  return name === '' || NAME.test(name) ? { host: name, port } : undefined;
}
