import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { choiceLines } from '../../../src/cli/render/choice.js';
import { choiceOf } from '../../support/final-choice.js';

const plain = (width?: number): readonly string[] => choiceLines(choiceOf(), width).map(stripVTControlCharacters);

describe('show --choice', () => {
  it('marks the chosen candidate and lines up the numbers', () => {
    const [head = '', single = '', blend = ''] = plain();
    expect(head).toMatch(/^candidate +pooled +over the single +members$/);
    expect(single).toBe('  single   0.8100 ± 0.0040                           –  n7 × 1.00');
    expect(blend).toBe('→ blend    0.8134 ± 0.0040  +0.00340 ± 0.0012 (2.8 SE)  n3 × 0.38, n7 × 0.63');
  });

  it('says rule, answer, estimate, optimism and runner-up, in this order, then the members', () => {
    const text = plain().join('\n');
    const names = [...text.matchAll(/^(Rule|Answer|Estimate|Optimism|Runner-up|Shortlist|member) /gm)].map((m) => m[1]);
    expect(names).toEqual(['Rule', 'Answer', 'Estimate', 'Optimism', 'Runner-up', 'Shortlist', 'member']);
    expect(text).toContain('n3        0.38  refit not used: rank correlation 0.700, below 0.9');
    expect(text).not.toMatch(/undefined|NaN|\[object/);
  });

  it.each([60, 80, 120])('breaks sentences at %i columns without losing a word', (width) => {
    const lines = plain(width);
    const sentences = lines.slice(4, lines.lastIndexOf(''));
    expect(Math.max(...sentences.map((line) => line.length))).toBeLessThanOrEqual(width);
    const words = (text: string): string[] => text.split(/\s+/);
    expect(words(sentences.join(' '))).toEqual(words(plain(10_000).slice(4, -4).join(' ')));
  });

  it('says so where nothing was chosen yet', () => {
    expect(choiceLines(null)).toEqual([expect.stringContaining('no choice yet')]);
  });
});
