/**
 * Complete ordinary programs for tables and texts. Which one, with which parameters, and whether it crashes depends on the seed
 * alone. A comment names the recipe, so that a prompt that shows a broken program gets the same one back, repaired.
 */
import { drawOf, pick } from '../random.js';
import { BUGS } from './bugs.js';
import { FAMILIES } from './families.js';
import { assembled } from './template.js';

export interface CannedProgram {
  readonly title: string;
  readonly program: string;
}

const RECIPE = /# recipe ([0-9a-f]{8})(, repaired)?/g;

export function programFor(prompt: string, seed: string, buggy: number): CannedProgram {
  const shown = [...prompt.matchAll(RECIPE)].at(-1);
  const broken = shown?.[1] !== undefined && shown[2] === undefined && /traceback|error|failed|debug/i.test(prompt);
  const recipe = broken && shown[1] !== undefined ? shown[1] : recipeFrom(seed);
  const family = pick(FAMILIES, recipe, 'family');
  const metric = /\bmetric\b["'`*:=\s]+(?:is\s+)?["'`*]*([a-z0-9@-]+)/i.exec(prompt)?.[1] ?? 'unknown';
  const title = family.title(recipe);
  const sound = assembled({ title, recipe, metric: metric.toLowerCase(), ...family.code(recipe) });
  if (broken)
    return {
      title: `${title}, repaired`,
      program: sound.replace(`# recipe ${recipe}`, `# recipe ${recipe}, repaired`),
    };
  const crashes = drawOf(recipe, 'crashes') < buggy;
  return { title, program: crashes ? pick(BUGS, recipe, 'bug').put(sound) : sound };
}

function recipeFrom(seed: string): string {
  return Math.floor(drawOf(seed, 'recipe') * 2 ** 32)
    .toString(16)
    .padStart(8, '0');
}
