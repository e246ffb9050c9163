/**
 * What the composer would offer for a move, in its order, among recorded programs and means of them. For one program these are its own lists, which
 * were asked of it when the landscape was recorded; a mean is changed by changing one of its members, as the composer does.
 */
import type { Random, WorldMove } from '../world.js';

import { aggregations, crossings } from './crossings.js';
import { type RecordedPlan, replaced } from './plan.js';
import type { Ideas, RecordedMoves, Recording, Target } from './recording.js';
import { returning } from './returning.js';

type Move = WorldMove<RecordedPlan>;
type Plans = Iterable<RecordedPlan>;

/** Members at which a second model is no longer added: the composer's limit. */
const FULL = 3;
const PARTNERS = 3;

/** Lazy: a replay takes the first that is new. */
export function ideasFor(recording: Recording, move: Move, random: Random): Plans {
  const { operator, parent, references } = move;
  const { moves } = recording;
  const draw = Math.floor(random() * moves.seeds);
  if (operator === 'draft') return drafts(moves, random);
  if (operator === 'aggregate') return aggregations(recording, references);
  if (!parent) return [];
  switch (operator) {
    case 'improve':
      return improvements(recording, move, parent, { list: moves[move.variant ?? 'tune'], draw, random });
    case 'debug':
      return repairs(moves, parent);
    case 'evolve':
      return evolutions(recording, move, parent, { draw, random });
    case 'fuse':
      return fusions(recording, move, parent, { draw, random });
    default:
      return [];
  }
}

/** The portfolio in its order, then the random first programs of one draw, then those of the others. */
function* drafts({ portfolio, draft }: RecordedMoves, random: Random): Plans {
  yield* portfolio.map(asPlan);
  const first = Math.floor(random() * draft.length);
  for (let turn = 0; turn < draft.length; turn += 1) yield* (draft[(first + turn) % draft.length] ?? []).map(asPlan);
}

interface Draw {
  readonly draw: number;
  readonly random: Random;
}

/** Of a mean one member is changed, drawn first, the others in turn when nothing is left to change in it. */
function* improvements(
  recording: Recording,
  move: Move,
  parent: RecordedPlan,
  { list, draw, random }: Draw & { readonly list: Ideas },
): Plans {
  const [only] = parent;
  if (parent.length === 1 && only !== undefined) {
    yield* resolved(recording, move, parent, list[only]?.[draw] ?? []);
    return;
  }
  if (move.variant === 'strategy') yield* partnered(recording, move, parent);
  const first = Math.floor(random() * parent.length);
  for (let turn = 0; turn < parent.length; turn += 1) {
    const place = (first + turn) % parent.length;
    for (const target of list[parent[place] ?? 0]?.[draw] ?? []) {
      if (typeof target === 'number' && target >= 0) yield* replaced(parent, place, target);
    }
  }
}

function* resolved(recording: Recording, move: Move, parent: RecordedPlan, targets: readonly Target[]): Plans {
  for (const target of targets) {
    if (typeof target !== 'number' || target >= 0) yield asPlan(target);
    else yield* partnered(recording, move, parent, -target - 1);
  }
}

/** The mean with a member of another family: of the best programs of the run, else of the portfolio. Up to three, or the one at a place. */
function* partnered({ programs, moves }: Recording, { best = [] }: Move, parent: RecordedPlan, place?: number): Plans {
  if (parent.length >= FULL) return;
  const familyOf = (member: number) => programs[member]?.family ?? -1;
  const taken = new Set(parent.map(familyOf));
  const partners: number[] = [];
  for (const member of [...best.flat(), ...moves.partners]) {
    if (partners.length === PARTNERS) break;
    if (taken.has(familyOf(member))) continue;
    taken.add(familyOf(member));
    partners.push(member);
  }
  for (const [at, partner] of partners.entries()) if (place === undefined || place === at) yield [...parent, partner];
}

function* repairs({ debug }: RecordedMoves, parent: RecordedPlan): Plans {
  const [first = 0] = parent;
  if (parent.length > 1) yield [first];
  for (const repair of debug[first] ?? []) yield [repair];
}

/** What paid and was lost comes back; then columns, those that paid first; then strategies and numbers. */
function* evolutions(recording: Recording, move: Move, parent: RecordedPlan, draw: Draw): Plans {
  const { moves } = recording;
  yield* returning(recording, move, parent);
  yield* improvements(recording, { ...move, variant: 'features' }, parent, { ...draw, list: moves.features });
  yield* improvements(recording, { ...move, variant: 'strategy' }, parent, { ...draw, list: moves.strategy });
}

function* fusions(recording: Recording, move: Move, parent: RecordedPlan, draw: Draw): Plans {
  yield* crossings(recording, move, parent);
  yield* improvements(recording, { ...move, variant: 'strategy' }, parent, { ...draw, list: recording.moves.strategy });
}

function asPlan(target: Target): RecordedPlan {
  return typeof target === 'number' ? [target] : target;
}
