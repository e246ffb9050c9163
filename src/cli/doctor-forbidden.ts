/** What no program may reach, by number: a pod has no name service, and a name that it cannot resolve proves nothing. */
import { lookup } from 'node:dns/promises';
import { serversOf } from '../worker/guarded.js';

/** `host:port`: what AUTOMLGEN_DOCTOR_FORBIDDEN lists, MongoDB and Temporal. Addresses of this machine's own loopback mean the pod itself there. */
export async function forbiddenAddresses(environment: NodeJS.ProcessEnv): Promise<readonly string[]> {
  const named = (environment.AUTOMLGEN_DOCTOR_FORBIDDEN ?? '').split(',').map((one) => one.trim());
  const servers = serversOf({
    mongodbUri: environment.MONGODB_URI ?? '',
    ...(environment.TEMPORAL_ADDRESS && { temporalAddress: environment.TEMPORAL_ADDRESS }),
  }).map(({ host, port }) => `${host}:${port}`);
  const resolved = await Promise.all([...named.filter(Boolean), ...servers].map(byNumber));
  return [...new Set(resolved.flat())];
}

async function byNumber(address: string): Promise<readonly string[]> {
  const [, host, port] = /^\[?(.+?)\]?:(\d+)$/.exec(address) ?? [];
  if (host === undefined) return [];
  try {
    const { address: number, family } = await lookup(host);
    if (/^127\.|^::1$/.test(number)) return [];
    return [family === 6 ? `[${number}]:${port}` : `${number}:${port}`];
  } catch {
    return [];
  }
}
