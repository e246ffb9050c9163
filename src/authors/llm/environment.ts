/** The model that the environment names: OPENAI_API_KEY, OPENAI_BASE_URL, AUTOMLGEN_MODEL, AUTOMLGEN_MODEL_API. */
import { UserError } from '../../domain/errors.js';
import type { ModelSettings } from '../../domain/run-config.js';
import type { Model } from './model.js';
import { createChatModel } from './openai-chat.js';
import type { Endpoint } from './openai-client.js';
import { createResponsesModel } from './openai-responses.js';

export interface ConfiguredModel {
  readonly model: Model;
  /** What to ask for: `ModelRequest.model`. */
  readonly name: string;
  /** For people; never holds a key. */
  readonly where: string;
}

/** Whether somebody wants a model at all: a key alone may be there for other programs. */
export function modelWanted(environment: NodeJS.ProcessEnv): boolean {
  return said(environment.AUTOMLGEN_MODEL) !== undefined;
}

/**
 * Responses without a base URL, Chat Completions with one; AUTOMLGEN_MODEL_API decides otherwise. No server is asked.
 * @throws UserError `model-missing`, `model-key-missing` or `model-setting-invalid`.
 */
export function modelFromEnvironment(environment: NodeJS.ProcessEnv): ConfiguredModel {
  const name = said(environment.AUTOMLGEN_MODEL);
  if (name === undefined) {
    throw new UserError(
      'model-missing',
      'No language model is named: AUTOMLGEN_MODEL is not set.',
      'Set AUTOMLGEN_MODEL, and OPENAI_API_KEY or OPENAI_BASE_URL (docs/models.md); or try `automlgen stub-model`.',
    );
  }
  checkModelName(name, 'AUTOMLGEN_MODEL');
  return { ...modelOfServer(serverFromEnvironment(environment), environment), name };
}

/** What a run notes of the environment it was started in, so that every worker asks the same server. Holds no secret. */
export type ModelServer = Pick<ModelSettings, 'server' | 'api'>;

/** @throws UserError `model-setting-invalid`. */
export function serverFromEnvironment(environment: NodeJS.ProcessEnv): ModelServer {
  const server = baseUrlIn(environment);
  const api = said(environment.AUTOMLGEN_MODEL_API);
  if (api !== undefined && api !== 'responses' && api !== 'chat') {
    throw invalid(`AUTOMLGEN_MODEL_API is ${api}, which is no API.`, 'Set it to responses or chat, or leave it out.');
  }
  return { ...(server !== undefined && { server }), ...(api !== undefined && { api }) };
}

/**
 * The key of the environment goes to the server of the environment and to no other: a run that names its own is asked without.
 * No server is asked here. @throws UserError `model-key-missing` or `model-setting-invalid`.
 */
export function modelOfServer(
  { server, api }: ModelServer,
  environment: NodeJS.ProcessEnv,
): Omit<ConfiguredModel, 'name'> {
  const endpoint = endpointFrom(server, environment);
  const chosen = api ?? (endpoint.baseUrl === undefined ? 'responses' : 'chat');
  const model = chosen === 'responses' ? createResponsesModel(endpoint) : createChatModel(endpoint);
  return { model, where: endpoint.baseUrl ?? 'OpenAI' };
}

/** A name is stored, shown and sent: what looks like a key is refused, and not repeated. @throws UserError `model-setting-invalid`. */
export function checkModelName(name: string, source: string): void {
  if (!/^(sk|rk|gsk|hf|xai|nvapi)[-_][\w-]{12,}/.test(name) && !/\s/.test(name)) return;
  throw invalid(
    `${source} looks like a key, not like the name of a model.`,
    'Name the model; a key belongs into OPENAI_API_KEY.',
  );
}

function baseUrlIn(environment: NodeJS.ProcessEnv): string | undefined {
  const baseUrl = said(environment.OPENAI_BASE_URL);
  if (baseUrl !== undefined) checkBaseUrl(baseUrl);
  return baseUrl?.replace(/\/+$/, '');
}

function keyIn(environment: NodeJS.ProcessEnv): string | undefined {
  const apiKey = said(environment.OPENAI_API_KEY);
  if (apiKey === undefined) return undefined;
  if (!/^[!-~]+$/.test(apiKey)) {
    throw invalid('OPENAI_API_KEY holds spaces or letters that no key has.', 'Copy the key again, without quotes.');
  }
  if (/^(\.{0,2}\/|~|@|file:)/.test(apiKey)) {
    throw invalid('OPENAI_API_KEY names a file, and keys are not read from files.', 'Set it to the key itself.');
  }
  return apiKey;
}

function endpointFrom(server: string | undefined, environment: NodeJS.ProcessEnv): Endpoint {
  const home = baseUrlIn(environment);
  const baseUrl = server ?? home;
  if (server !== undefined) checkBaseUrl(server);
  const apiKey = baseUrl === home ? keyIn(environment) : undefined;
  if (apiKey === undefined && baseUrl === undefined) {
    throw new UserError(
      'model-key-missing',
      'OPENAI_API_KEY is not set, and OpenAI asks for one.',
      'Set OPENAI_API_KEY, or OPENAI_BASE_URL for a server of your own, which needs no key.',
    );
  }
  if (baseUrl !== home) return { ...(baseUrl !== undefined && { baseUrl }) };
  const organization = said(environment.OPENAI_ORG_ID);
  const project = said(environment.OPENAI_PROJECT_ID);
  return {
    ...(apiKey !== undefined && { apiKey }),
    ...(baseUrl !== undefined && { baseUrl }),
    ...(organization !== undefined && { organization }),
    ...(project !== undefined && { project }),
  };
}

/** A password in an address would end up in messages and logs. */
function checkBaseUrl(text: string): void {
  const next = 'Set it like http://127.0.0.1:8000/v1; a key belongs into OPENAI_API_KEY.';
  if (!/^https?:/i.test(text) || !URL.canParse(text)) {
    throw invalid('OPENAI_BASE_URL is not an http or https address.', next);
  }
  const url = new URL(text);
  if (url.username !== '' || url.password !== '' || url.search !== '') {
    throw invalid('OPENAI_BASE_URL holds a user, a password or a query.', next);
  }
}

function said(text: string | undefined): string | undefined {
  const trimmed = text?.trim();
  return trimmed === '' ? undefined : trimmed;
}

function invalid(message: string, next: string): UserError {
  return new UserError('model-setting-invalid', message, next);
}
