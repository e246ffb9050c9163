/** Who writes the programs of a run, by its settings. */
import type { Dependencies } from '../activities/dependencies.js';
import { createLlmAuthor } from '../authors/llm/author.js';
import { createMixedAuthor } from '../authors/mixed.js';
import type { Author } from '../authors/port.js';

/** One worker serves runs of all three kinds. The usage gate belongs to MLE-STAR's schedule. Throws for a run that wants a model and names none: its start has been refused before. */
export function chooseAuthor(composer: Author): Dependencies['authorFor'] {
  return ({ author, model, search }) => {
    if (author === 'composer') return composer;
    if (model === undefined) throw new Error(`A run with author ${author} names no model.`);
    const llm = createLlmAuthor({ ...model, usageGate: model.usageGate || search.policy === 'star' });
    return author === 'llm' ? llm : createMixedAuthor({ composer, llm });
  };
}
