/** Fuse and aggregate on recorded programs: the composer's crossings and selections, with means as exact blends. */
import type { WorldMove } from '../world.js';
import { MOST_MEMBERS, type RecordedPlan, replaced } from './plan.js';
import type { Recording } from './recording.js';

type Move = WorldMove<RecordedPlan>;

/** For each reference: the mean of both, its model on our columns, its columns under our model, the columns of both. */
export function* crossings(recording: Recording, { references }: Move, parent: RecordedPlan): Iterable<RecordedPlan> {
  const { cross, union, part, model, parts, models } = recording.moves;
  const [own = 0] = parent;
  for (const { plan } of references) {
    const [other = 0] = plan;
    const joined = [...new Set([...parent, ...plan])].slice(0, MOST_MEMBERS);
    if (joined.length > parent.length) yield joined;
    const [ownPart, otherPart] = [part[own] ?? 0, part[other] ?? 0];
    const [ownModel, otherModel] = [model[own] ?? 0, model[other] ?? 0];
    const crossed = [cross[ownPart * models + otherModel], cross[otherPart * models + ownModel]];
    for (const program of [...crossed, union[own * parts + otherPart]]) {
      if (program !== undefined && program >= 0) yield* replaced(parent, 0, program);
    }
  }
}

/** The best member of each family and the best members of all, four, three, two of them. */
export function* aggregations(recording: Recording, references: Move['references']): Iterable<RecordedPlan> {
  const members = [...new Set(references.flatMap(({ plan }) => plan))];
  const families = new Set<number>();
  const leaders = members.filter((member) => {
    const { family = -1 } = recording.programs[member] ?? {};
    return !families.has(family) && families.add(family);
  });
  for (let size = MOST_MEMBERS; size >= 2; size -= 1) {
    for (const chosen of [leaders.slice(0, size), members.slice(0, size)]) if (chosen.length > 1) yield chosen;
  }
}
