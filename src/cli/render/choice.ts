/** `show --choice`: which candidates there were, what each scored, which rule decided, what the answer is made of. */
import type { FinalChoice } from '../../domain/evaluation.js';
import { choiceFacts, type Fact, memberRows, membersText, overText } from '../../results/choice-facts.js';
import { scoreText } from '../../results/number.js';
import { tableLines } from './table.js';

/** @param width columns of the terminal; sentences are broken there. */
export function choiceLines(choice: FinalChoice | null, width = 100): readonly string[] {
  if (!choice) return ['There is no choice yet: the run has not finished, or found no valid program.'];
  const facts = choiceFacts(choice);
  const indent = Math.max(...facts.map(([name]) => name.length)) + 2;
  return [
    ...candidateLines(choice),
    '',
    ...facts.flatMap((fact) => factLines(fact, indent, width)),
    '',
    ...tableLines(
      [{ title: 'member' }, { title: 'weight', align: 'right' }, { title: 'run again on all labels' }],
      memberRows(choice),
    ),
  ];
}

function candidateLines(choice: FinalChoice): readonly string[] {
  return tableLines(
    [
      { title: 'candidate' },
      { title: 'pooled', align: 'right' },
      { title: 'over the single', align: 'right' },
      { title: 'members' },
    ],
    choice.candidates.map((candidate) => [
      `${candidate.kind === choice.chosen.kind ? '→' : ' '} ${candidate.kind}`,
      scoreText(candidate.pooled),
      overText(candidate),
      membersText(candidate),
    ]),
  );
}

function factLines([name, text]: Fact, indent: number, width: number): readonly string[] {
  const lines = broken(text, Math.max(20, width - indent));
  return lines.map((line, index) => `${(index === 0 ? name : '').padEnd(indent)}${line}`);
}

/** Words in lines of at most `width` characters; a longer word has a line of its own. */
function broken(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return line === '' ? lines : [...lines, line];
}
