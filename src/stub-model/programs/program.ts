/**
 * Complete ordinary programs for tables, texts and small pictures. Which one, with which parameters, and whether it crashes depends on a
 * recipe of eight digits, which stands in the program as a comment: a prompt that shows a program gets another of its kind, or itself repaired.
 */
import { drawOf, pick } from '../random.js';
import { BUGS } from './bugs.js';
import { FAMILIES, type Family } from './families.js';
import { metricIn } from './shown.js';
import { assembled } from './template.js';

export interface CannedProgram {
  readonly title: string;
  readonly program: string;
  readonly family: string;
}

const RECIPE = /# recipe ([0-9a-f]{8})(, repaired)?/;

/** For a prompt that shows none of these programs, or asks for a whole one. */
export function programFor(prompt: string, seed: string, buggy: number): CannedProgram {
  const shown = [...prompt.matchAll(new RegExp(RECIPE, 'g'))].at(-1);
  const [, recipe, sound] = shown ?? [];
  const failed = recipe !== undefined && sound === undefined && /traceback|error|failed|debug/i.test(prompt);
  if (failed && isBroken(prompt, recipe)) return repaired(recipe, metricIn(prompt));
  return made(recipeFrom(seed), metricIn(prompt), buggy);
}

/** What becomes of a program that is shown: itself repaired where it is broken, else a relative; a foreign one is given another number. */
export function changedProgram(shown: string, seed: string, buggy: number): CannedProgram {
  const [, recipe, sound] = RECIPE.exec(shown) ?? [];
  if (recipe === undefined) return foreign(shown, seed);
  const metric = metricIn(shown);
  if (sound === undefined && isBroken(shown, recipe)) return repaired(recipe, metric);
  const relatives = Array.from({ length: 60 }, (_, k) => recipeFrom(`${seed}/${k}`));
  const next = relatives.find((other) => familyOf(other) === familyOf(recipe) && other !== recipe);
  return made(next ?? recipeFrom(seed), metric, buggy);
}

function made(recipe: string, metric: string, buggy: number): CannedProgram {
  const sound = soundOf(recipe, metric);
  const crashes = drawOf(recipe, 'crashes') < buggy;
  return { ...sound, program: crashes ? pick(BUGS, recipe, 'bug').put(sound.program) : sound.program };
}

function repaired(recipe: string, metric: string): CannedProgram {
  const { title, program, family } = soundOf(recipe, metric);
  const marked = program.replace(`# recipe ${recipe}`, `# recipe ${recipe}, repaired`);
  return { title: `${title}, repaired`, program: marked, family };
}

function soundOf(recipe: string, metric: string): CannedProgram {
  const family = familyOf(recipe);
  const title = family.title(recipe);
  return { title, program: assembled({ title, recipe, metric, ...family.code(recipe) }), family: family.name };
}

function familyOf(recipe: string): Family {
  return pick(FAMILIES, recipe, 'family');
}

/** Whether what the text shows of this recipe is not the sound program, as it is or as a string of JSON. */
function isBroken(text: string, recipe: string): boolean {
  const sound = soundOf(recipe, metricIn(text)).program.trimEnd();
  return !text.includes(sound) && !text.includes(JSON.stringify(sound).slice(1, -1));
}

const NUMBER = /(?<name>\b[a-z_]{3,}) ?= ?(?<value>\d+(?:\.\d+)?(?:e-?\d+)?)(?=[,)\s])/i;

/** One setting of somebody else's program, moved by up to a factor of two; a program without any prints a line more. */
function foreign(shown: string, seed: string): CannedProgram {
  const lines = shown.split('\n');
  const settings = lines.flatMap((line, at) =>
    NUMBER.test(line) && !/^\s*(#|def |for |import |from )/.test(line) ? [at] : [],
  );
  const at = settings[Math.floor(drawOf(seed, 'line') * settings.length)];
  const line = at === undefined ? undefined : lines[at];
  const { name = '', value = '' } = NUMBER.exec(line ?? '')?.groups ?? {};
  if (at === undefined || line === undefined) {
    const mark = `print("variant ${recipeFrom(seed)}")`;
    return { title: 'the same, with a mark', program: `${shown.trimEnd()}\n${mark}`, family: 'other' };
  }
  const moved = movedBy(Number(value), 0.5 + 1.5 * drawOf(seed, 'factor'), value);
  const program = lines
    .with(
      at,
      line.replace(NUMBER, (text) => text.replace(value, moved)),
    )
    .join('\n');
  return { title: `${name} from ${value} to ${moved}`, program, family: 'other' };
}

function movedBy(value: number, factor: number, written: string): string {
  const whole = /^\d+$/.test(written);
  const moved = whole ? Math.max(1, Math.round(value * factor)) : Number((value * factor).toPrecision(3));
  return String(moved === value ? value + 1 : moved);
}

function recipeFrom(seed: string): string {
  return Math.floor(drawOf(seed, 'recipe') * 2 ** 32)
    .toString(16)
    .padStart(8, '0');
}
