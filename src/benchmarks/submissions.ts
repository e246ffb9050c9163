/** The benchmark's list of submissions: one JSON object in each line. */
import { z } from 'zod';
import { UserError } from '../domain/errors.js';

export const SubmissionLine = z.object({
  competition_id: z.string().min(1),
  submission_path: z.string().min(1),
  logs_path: z.string().optional(),
  code_path: z.string().optional(),
  /** Ours: which repetition this is. */
  seed: z.union([z.string(), z.number()]).transform(String).optional(),
});
export type SubmissionLine = z.infer<typeof SubmissionLine>;

/**
 * Blank lines and lines that begin with `#` or `//` are passed over, as the benchmark does.
 * @throws UserError `benchmark-invalid` with the line number.
 */
export function parseSubmissions(text: string, path: string): readonly SubmissionLine[] {
  return text.split('\n').flatMap((line, index) => {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith('#') || trimmed.startsWith('//')) return [];
    const parsed = SubmissionLine.safeParse(jsonOf(trimmed));
    if (parsed.success) return [parsed.data];
    throw new UserError(
      'benchmark-invalid',
      `${path}, line ${index + 1} is no submission: ${trimmed.slice(0, 80)}`,
      'Write {"competition_id": "…", "submission_path": "…"} in each line.',
    );
  });
}

export function submissionLines(lines: readonly SubmissionLine[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
