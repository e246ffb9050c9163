/** What `doctor` found, as lines: a mark, what it is about, what was found, and below it the one thing to do. */
import { styleText } from 'node:util';
import type { Finding } from '../doctor-checks.js';
import { dim, pad } from './table.js';

const MARKS = { fine: styleText('green', '✓'), warning: styleText('yellow', '!'), blocked: styleText('red', '✗') };

export function findingLines(findings: readonly Finding[]): readonly string[] {
  const width = Math.max(0, ...findings.map((finding) => finding.about.length));
  return findings.flatMap(({ level, about, found, fix }) => {
    const line = `${MARKS[level]} ${pad(about, width)}  ${found}`;
    return fix === undefined ? [line] : [line, `  ${pad('', width)}  ${dim('→')} ${fix}`];
  });
}
