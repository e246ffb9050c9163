/** Whole numbers in options. */
import { UserError } from '../domain/errors.js';

/** @throws UserError `option-invalid`. */
export function whole(text: string, option: string, least: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && Number.isSafeInteger(value)) return value;
  throw new UserError(
    'option-invalid',
    `${option} ${text} is not a whole number of at least ${least}.`,
    `Give a number, for example ${option} ${Math.max(least, 2)}.`,
  );
}
