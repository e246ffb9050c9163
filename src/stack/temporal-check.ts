/** Asks a Temporal server whether runs can be started there: reachable, the namespace exists, every search attribute has its type. */

import type { Connection } from '@temporalio/client';
import type { ClientConnectConfig } from '@temporalio/envconfig';
import { UserError } from '../domain/errors.js';
import type { StackContext } from './context.js';
import {
  type AttributeComparison,
  compareAttributes,
  SEARCH_ATTRIBUTES,
  type SearchAttributeName,
} from './search-attributes.js';

export interface TemporalReport extends AttributeComparison {
  readonly serverVersion: string;
  readonly namespace: string;
}

/**
 * Throws `search-attribute-mismatch` for an attribute of another type, and the connection's own error when the server does not answer.
 * Missing attributes are added; where that is forbidden (`own` false) a note says how to add them.
 */
export async function checkTemporal(context: StackContext, address: string, own: boolean): Promise<void> {
  await withConnection(context.environment, address, own, async (connection, namespace) => {
    const { missing, mismatched } = await describeNamespace(connection, namespace);
    const [wrong] = mismatched;
    if (wrong) {
      throw new UserError(
        'search-attribute-mismatch',
        `Search attribute ${wrong.name} of namespace ${namespace} at ${address} is ${wrong.have} instead of ${wrong.want}.`,
        own ? 'Start afresh with `automlgen stack down --purge`.' : 'Remove it there, or use another namespace.',
      );
    }
    if (missing.length === 0) return;
    try {
      await connection.operatorService.addSearchAttributes({ namespace, searchAttributes: numbered(missing) });
    } catch (error) {
      if (own) throw error;
      const commands = missing.map((name) => `--name ${name} --type ${SEARCH_ATTRIBUTES[name]}`).join(' ');
      context.note(
        `Runs cannot be searched in Temporal until this is done: temporal operator search-attribute create ${commands}`,
      );
    }
  });
}

/** What `doctor` shows. Throws when the server does not answer. */
export function inspectTemporal(
  environment: NodeJS.ProcessEnv,
  address: string,
  own: boolean,
): Promise<TemporalReport> {
  return withConnection(environment, address, own, describeNamespace);
}

async function describeNamespace(connection: Connection, namespace: string): Promise<TemporalReport> {
  const [info, listed] = await Promise.all([
    connection.workflowService.getSystemInfo({}),
    connection.operatorService.listSearchAttributes({ namespace }),
    connection.workflowService.describeNamespace({ namespace }),
  ]);
  const have = Object.entries(listed.customAttributes ?? {}).map(([name, type]) => [
    name,
    TYPE_NAMES[type ?? 0] ?? 'unknown',
  ]);
  return { ...compareAttributes(Object.fromEntries(have)), serverVersion: info.serverVersion ?? 'unknown', namespace };
}

/** In the order of the numbers in `temporal.api.enums.v1.IndexedValueType`. */
const TYPE_NAMES = ['unspecified', 'Text', 'Keyword', 'Int', 'Double', 'Bool', 'Datetime', 'KeywordList'];

function numbered(names: readonly SearchAttributeName[]): Record<string, number> {
  return Object.fromEntries(names.map((name) => [name, TYPE_NAMES.indexOf(SEARCH_ATTRIBUTES[name])]));
}

/** Our own server needs no credentials; for one named in the environment the usual TEMPORAL_* settings and profiles apply. */
async function withConnection<T>(
  environment: NodeJS.ProcessEnv,
  address: string,
  own: boolean,
  work: (connection: Connection, namespace: string) => Promise<T>,
): Promise<T> {
  const { Connection } = await import('@temporalio/client');
  const configured: Partial<ClientConnectConfig> = own ? {} : await userConfiguration(environment);
  const connection = await Connection.connect({ ...configured.connectionOptions, address, connectTimeout: 5_000 });
  try {
    return await connection.withDeadline(Date.now() + 5_000, () => work(connection, configured.namespace ?? 'default'));
  } finally {
    await connection.close();
  }
}

async function userConfiguration(environment: NodeJS.ProcessEnv): Promise<ClientConnectConfig> {
  const { loadClientConnectConfig } = await import('@temporalio/envconfig');
  return loadClientConnectConfig({ overrideEnvVars: definedOnly(environment) });
}

function definedOnly(environment: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}
