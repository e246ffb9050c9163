/** The model that the environment names: OPENAI_API_KEY, OPENAI_BASE_URL, AUTOMLGEN_MODEL, AUTOMLGEN_MODEL_API. */
import { UserError } from '../../domain/errors.js';
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
  const endpoint = endpointFrom(environment);
  const api = said(environment.AUTOMLGEN_MODEL_API) ?? (endpoint.baseUrl === undefined ? 'responses' : 'chat');
  if (api !== 'responses' && api !== 'chat') {
    throw invalid(`AUTOMLGEN_MODEL_API is ${api}, which is no API.`, 'Set it to responses or chat, or leave it out.');
  }
  const model = api === 'responses' ? createResponsesModel(endpoint) : createChatModel(endpoint);
  return { model, name, where: endpoint.baseUrl ?? 'OpenAI' };
}

function endpointFrom(environment: NodeJS.ProcessEnv): Endpoint {
  const apiKey = said(environment.OPENAI_API_KEY);
  const baseUrl = said(environment.OPENAI_BASE_URL);
  if (baseUrl !== undefined) checkBaseUrl(baseUrl);
  if (apiKey !== undefined && !/^[!-~]+$/.test(apiKey)) {
    throw invalid('OPENAI_API_KEY holds spaces or letters that no key has.', 'Copy the key again, without quotes.');
  }
  if (apiKey === undefined && baseUrl === undefined) {
    throw new UserError(
      'model-key-missing',
      'OPENAI_API_KEY is not set, and OpenAI asks for one.',
      'Set OPENAI_API_KEY, or OPENAI_BASE_URL for a server of your own, which needs no key.',
    );
  }
  const organization = said(environment.OPENAI_ORG_ID);
  const project = said(environment.OPENAI_PROJECT_ID);
  return {
    ...(apiKey !== undefined && { apiKey }),
    ...(baseUrl !== undefined && { baseUrl: baseUrl.replace(/\/+$/, '') }),
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
