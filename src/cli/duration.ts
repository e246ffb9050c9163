/** `90s`, `5m`, `2h30m`, `12h`: durations as people write them. */
import { UserError } from '../domain/errors.js';

const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * Milliseconds. A bare number means minutes.
 * @throws UserError `option-invalid` naming the option and the text.
 */
export function durationMs(text: string, option: string): number {
  const trimmed = text.trim().toLowerCase();
  if (/^\d+(\.\d+)?$/.test(trimmed)) return positive(Number(trimmed) * 60_000, text, option);
  if (!/^(\d+(\.\d+)?[smhd])+$/.test(trimmed)) throw invalid(text, option);
  const parts = [...trimmed.matchAll(/(\d+(?:\.\d+)?)([smhd])/g)];
  return positive(
    parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (UNIT_MS[unit ?? ''] ?? 0), 0),
    text,
    option,
  );
}

function positive(ms: number, text: string, option: string): number {
  if (ms > 0) return ms;
  throw invalid(text, option);
}

function invalid(text: string, option: string): UserError {
  return new UserError(
    'option-invalid',
    `${option} ${text} is not a duration.`,
    'Write it like 90s, 5m, 2h30m or 12h.',
  );
}
