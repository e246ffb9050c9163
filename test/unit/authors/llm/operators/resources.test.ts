/** What a prompt says of machine, packages, seeds and the wanted kind of change: true for the run, and never two things at once. */
import { expect, test } from '@jest/globals';
import { packageNotes } from '../../../../../src/authors/llm/operators/package-notes.js';
import { everyPrompt } from '../../../../support/every-prompt.js';
import { requestOf } from '../../../../support/prompt-fixtures.js';

const textsWith = async (gpus?: number) => {
  const prompts = await everyPrompt({
    request: (operator, change) => {
      const made = requestOf(operator, change);
      return gpus === undefined ? made : { ...made, limits: { ...made.limits, gpus } };
    },
  });
  return Object.entries(prompts).map(([name, { messages }]) => ({
    name,
    text: messages.map(({ content }) => content).join('\n'),
  }));
};

test('a GPU is there or not', async () => {
  for (const { name, text } of await textsWith()) expect([name, text.includes('No GPU:')]).toEqual([name, true]);
  for (const { name, text } of await textsWith(1)) {
    expect([name, text.includes('GPUs: 1. Train on it'), text.includes('No GPU:')]).toEqual([name, true, false]);
  }
});

test('a program that is changed by edits is given no seed, and a plateau no kind of small change', async () => {
  for (const { name, text } of await textsWith()) {
    expect([
      name,
      /\nSeed of the program: \d+\./.test(text) && /^(improve|debug|evolve|fuse|refine)/.test(name),
    ]).toEqual([name, false]);
    expect([name, text.includes('change of the kind')]).toEqual([name, false]);
  }
  const drafts = (await textsWith()).filter(({ name }) => name === 'draft' || name === 'aggregate');
  for (const { text } of drafts) expect(text).toMatch(/\nSeed of the program: 4711\.\n/);
});

test('versions are told of from the one on that matters, and only packages that are there', () => {
  expect(packageNotes({ pandas: '2.3.3', lightgbm: '3.9', 'scikit-learn': '1.7.2' })).toEqual([]);
  expect(
    packageNotes({ pandas: '3.0.0rc1', 'scikit-learn': '1.10.0', polars: '9.0' }).map((line) => line.slice(0, 14)),
  ).toEqual(['- pandas: text', '- scikit-learn']);
});
