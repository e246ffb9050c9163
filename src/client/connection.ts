/** A connection to Temporal: the user's own `TEMPORAL_*` profile when there is one, else the embedded server. */
import { Client, Connection } from '@temporalio/client';
import { type ClientConnectConfig, loadClientConnectConfig } from '@temporalio/envconfig';
import { UserError } from '../domain/errors.js';

export interface TemporalConnection {
  readonly client: Client;
  readonly namespace: string;
  close(): Promise<void>;
}

/** What a client or a worker connects with. `embeddedAddress` counts only when the environment names no server. */
export function temporalOptions(embeddedAddress?: string): ClientConnectConfig & { readonly namespace: string } {
  const { connectionOptions, namespace } = loadClientConnectConfig();
  const own = connectionOptions.address ?? embeddedAddress;
  return {
    namespace: namespace ?? 'default',
    connectionOptions: own ? { ...connectionOptions, address: own } : connectionOptions,
  };
}

/** @throws UserError `stack-not-running` when no server answers within five seconds. */
export async function connectTemporal(embeddedAddress?: string): Promise<TemporalConnection> {
  const { namespace, connectionOptions } = temporalOptions(embeddedAddress);
  const connection = await Connection.connect({ connectTimeout: '5 seconds', ...connectionOptions }).catch(
    (cause: unknown) => {
      throw new UserError(
        'stack-not-running',
        `No Temporal server answers at ${connectionOptions.address ?? 'localhost:7233'}.`,
        'Start the embedded stack with `automlgen stack up`, or set TEMPORAL_ADDRESS.',
        { cause },
      );
    },
  );
  return { client: new Client({ connection, namespace }), namespace, close: () => connection.close() };
}
