/** What a program printed: the first error and the last traceback are kept, then its last lines, then its first. */
import type { CountTokens } from './budgeted.js';
import { bestLines } from './lines.js';

const ERROR =
  /\b(?:\w*(?:Error|Exception|Fault)\b|Traceback \(most recent|Killed|CUDA|out of memory|Segmentation|assert)/;
const WARNING = /\b\w*Warning\b|^\s*warnings\.warn/;

export function logView(text: string, tokens: number, count: CountTokens): string {
  const lines = unrepeated(text.split('\n'));
  const first = lines.findIndex((line) => ERROR.test(line) && !WARNING.test(line));
  const traceback = lines.findLastIndex((line) => line.startsWith('Traceback (most recent'));
  const end = traceback < 0 ? -1 : tracebackEnd(lines, traceback);
  const rank = (line: string, index: number): number => {
    if (line.trim() === '') return 0;
    if (index === end) return 2e6;
    if (index === first) return 1e6;
    if (traceback >= 0 && index >= traceback && index < end) return 5e5 + index;
    if (first >= 0 && Math.abs(index - first) <= 3) return 4e5 - Math.abs(index - first);
    const last = lines.length - index;
    return WARNING.test(line) ? 1 : Math.max(2, 1e5 - last);
  };
  return bestLines(lines, rank, tokens, count);
}

/** The first line after a traceback's head that is not indented: the error itself. */
function tracebackEnd(lines: readonly string[], from: number): number {
  for (let index = from + 1; index < lines.length; index += 1) if (/^\S/.test(lines[index] ?? '')) return index;
  return lines.length - 1;
}

/** Progress bars and warnings in a loop: a line that repeats the one before, numbers aside, is counted. */
function unrepeated(lines: readonly string[]): readonly string[] {
  const kept: string[] = [];
  let shape: string | undefined;
  let times = 0;
  const flush = (): void => {
    if (times > 2) kept.push(`[… ${times - 2} more lines like these]`);
    times = 0;
  };
  for (const line of lines) {
    const same = line.replace(/\d+(?:\.\d+)?/g, '0');
    if (same !== shape) flush();
    shape = same;
    times += 1;
    if (times <= 2) kept.push(line);
  }
  flush();
  return kept;
}
