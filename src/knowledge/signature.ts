/** Debug recipes are found by the text of the error. */
import type { KnowledgeEntry } from '../domain/knowledge-entry.js';

/** Errors are long only by their traceback; the cause stands in the first and last lines. */
const ERROR_CHARACTERS = 40_000;

/** Compiled without flags but `m`, so that the same expression works in Python. @throws SyntaxError */
export function compileSignature(signature: string): RegExp {
  return new RegExp(signature, 'm');
}

/** False for an entry without a signature and for one that does not compile. */
export function signatureMatches(entry: KnowledgeEntry, error: string): boolean {
  if (entry.signature === undefined) return false;
  try {
    return compileSignature(entry.signature).test(error.slice(-ERROR_CHARACTERS));
  } catch {
    return false;
  }
}
