/** A program in outline: signatures, imports and settings first, then the first lines of each function, then the rest. */
import type { CountTokens } from './budgeted.js';
import { bestLines } from './lines.js';

const SIGNATURE = /^\s*(?:async\s+)?(?:def|class)\s+\w+/;
const IMPORT = /^(?:import|from)\s/;
/** Lines that say which model is trained how. */
const TELLING =
  /\b(?:fit|predict|predict_proba|transform|train|cv|KFold|StratifiedKFold|GroupKFold|TimeSeriesSplit|Pipeline|\w*Regressor|\w*Classifier)\b|\bto_csv\(|^[A-Z][A-Z0-9_]+\s*=/;

export function codeView(text: string, tokens: number, count: CountTokens): string {
  const lines = text.split('\n');
  let sinceSignature = 0;
  const ranks = lines.map((line) => {
    sinceSignature = SIGNATURE.test(line) ? 0 : sinceSignature + 1;
    if (/^\s*(?:#.*)?$/.test(line)) return 0;
    if (SIGNATURE.test(line)) return 1e6;
    if (TELLING.test(line)) return 5e5;
    if (IMPORT.test(line)) return 4e5;
    return Math.max(1, 1e5 - sinceSignature * 1e3);
  });
  return bestLines(lines, (_, index) => ranks[index] ?? 0, tokens, count);
}
