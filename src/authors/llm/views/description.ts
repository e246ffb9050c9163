/** A task's own words: headings and what is said of evaluation, data and the answer's form first; of prizes, teams and dates the heading alone. */
import type { CountTokens } from './budgeted.js';
import { bestLines } from './lines.js';

const HEADING = /^#{1,6}\s|^[^\n]{1,60}\n[-=]{3,}$/;
const VITAL = /evaluat|metric|scor|submission|target|predict|label|column|feature|data\b|dataset|file|field|format/i;
const IDLE =
  /prize|timeline|deadline|citation|acknowledg|sponsor|team|rules|license|licence|terms|award|about us|date/i;

export function descriptionView(text: string, tokens: number, count: CountTokens): string {
  const lines = text.split('\n');
  let section = 2;
  let inSection = 0;
  const ranks = lines.map((line) => {
    if (line.trim() === '') return 0;
    if (HEADING.test(line)) {
      section = VITAL.test(line) ? 3 : IDLE.test(line) ? 0 : 1;
      inSection = 0;
      return 1e6;
    }
    inSection += 1;
    return section === 0 ? 0 : Math.max(1, section * 1e5 - inSection * 10);
  });
  return bestLines(lines, (_, index) => ranks[index] ?? 0, tokens, count);
}
