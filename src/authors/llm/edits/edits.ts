/**
 * SEARCH/REPLACE edits of a program. All are applied or none: a program that took half of a change is nobody's idea.
 * An edit is looked for in what is left of the program as it was shown, and only when it is not there in what earlier edits have
 * written; so the order of edits that do not touch each other does not matter, and a later one may build on an earlier one.
 */
import type { Edit } from '../replies.js';
import { EXACT, type Found, findBlock } from './find-block.js';
import { type EditProblem, editProblem, MOST_TOLD } from './problems.js';

export type Edited =
  /** `tolerant`: how many edits fitted only after their indentation or trailing spaces were forgiven. */
  | { readonly kind: 'edited'; readonly program: string; readonly tolerant: number }
  | { readonly kind: 'failed'; readonly problems: readonly EditProblem[] };

/** Nobody changes a program in more places by hand; a reply with more is a rewrite in disguise or an attack. */
const MOST_EDITS = 60;

/** A stretch of lines: as shown, or written by an edit. */
interface Piece {
  readonly lines: readonly string[];
  readonly written: boolean;
}

/** Line ends become `\n`; a program that ended without one still does. Problems name every edit that could not be applied, not the first only. */
export function applyEdits(program: string, edits: readonly Edit[]): Edited {
  const shown = linesOf(program);
  if (edits.length === 0) return { kind: 'failed', problems: [{ kind: 'none' }] };
  if (edits.length > MOST_EDITS) return { kind: 'failed', problems: [{ kind: 'too-many', most: MOST_EDITS }] };
  let pieces: readonly Piece[] = [{ lines: shown, written: false }];
  let tolerant = 0;
  const problems: EditProblem[] = [];
  for (const [index, edit] of edits.entries()) {
    const applied = applyOne(pieces, edit);
    if ('problem' in applied) {
      problems.push(editProblem(index, edit, applied.problem, problems.length < MOST_TOLD ? shown : []));
      continue;
    }
    pieces = applied.pieces;
    tolerant += applied.tolerant ? 1 : 0;
  }
  if (problems.length > 0) return { kind: 'failed', problems };
  const edited = pieces.flatMap(({ lines }) => lines).join('\n');
  if (edited === shown.join('\n')) return { kind: 'failed', problems: [{ kind: 'no-change' }] };
  return { kind: 'edited', program: edited, tolerant };
}

type Applied =
  | { readonly pieces: readonly Piece[]; readonly tolerant: boolean }
  | { readonly problem: 'empty' | 'not-found' | 'ambiguous' };

function applyOne(pieces: readonly Piece[], edit: Edit): Applied {
  const search = blockOf(edit.search);
  if (search.every((line) => line.trim() === '')) return { problem: 'empty' };
  const replace = edit.replace === '' ? [] : blockOf(edit.replace);
  const found = pieces.map((piece) => (piece.written ? NOTHING : findBlock(piece.lines, search, replace)));
  const best = Math.min(...found.map(({ level }) => level));
  const hits = found.flatMap((one, at) => (one.level === best ? one.places.map((place) => ({ at, place })) : []));
  const [hit] = hits;
  if (hit !== undefined) {
    if (hits.length > 1) return { problem: 'ambiguous' };
    return { pieces: replaced(pieces, hit.at, hit.place), tolerant: best > EXACT };
  }
  // Not in what was shown: then in the whole, as earlier edits left it.
  if (!pieces.some(({ written }) => written)) return { problem: 'not-found' };
  const whole: Piece = { lines: pieces.flatMap(({ lines }) => lines), written: true };
  const { places, level } = findBlock(whole.lines, search, replace);
  const [place] = places;
  if (place === undefined) return { problem: 'not-found' };
  if (places.length > 1) return { problem: 'ambiguous' };
  return { pieces: replaced([whole], 0, place), tolerant: level > EXACT };
}

const NOTHING: Found = { level: Number.POSITIVE_INFINITY, places: [] };

function replaced(pieces: readonly Piece[], at: number, place: Found['places'][number]): readonly Piece[] {
  return pieces.flatMap((piece, index) => {
    if (index !== at) return [piece];
    const { from, to, lines } = place;
    return [
      { lines: piece.lines.slice(0, from), written: piece.written },
      { lines, written: true },
      { lines: piece.lines.slice(to), written: piece.written },
    ].filter((part) => part.lines.length > 0);
  });
}

function linesOf(text: string): readonly string[] {
  return text.replace(/\r\n?/g, '\n').split('\n');
}

/** Lines of a search or a replacement: the line break at its end closes the last line and opens no further one. */
function blockOf(text: string): readonly string[] {
  return linesOf(text.replace(/\r?\n$/, ''));
}
