/** Who writes the programs of a run, by its settings. */
import type { Dependencies } from '../activities/dependencies.js';
import { createLlmAuthor } from '../authors/llm/author.js';
import { createMixedAuthor } from '../authors/mixed.js';
import type { Author } from '../authors/port.js';

/** One worker serves runs of all three kinds. Throws for a run that wants a model and names none: its start has been refused before. */
export function chooseAuthor(composer: Author): Dependencies['authorFor'] {
  return ({ author, model }) => {
    if (author === 'composer') return composer;
    if (model === undefined) throw new Error(`A run with author ${author} names no model.`);
    const llm = createLlmAuthor(model);
    return author === 'llm' ? llm : createMixedAuthor({ composer, llm });
  };
}
