/** `lessons`: what runs taught, one document each, found by the traits of a task. Nothing here knows the name of any task. */
import type { Db } from 'mongodb';
import type { RunId } from '../domain/ids.js';
import type { Lesson, LessonTraits } from '../domain/lesson.js';
import { retryWrite } from './retry.js';

export interface Lessons {
  /** Again, the same documents. */
  save(lessons: readonly Lesson[]): Promise<void>;
  /** For a task of these traits, best match first; lessons of the run itself are left out. */
  recall(traits: LessonTraits, options: { readonly except: RunId; readonly limit: number }): Promise<readonly Lesson[]>;
}

/** So many of the latest are looked at: what is older was learnt with older programs. */
const LOOKED_AT = 500;

export function createLessons(db: Db): Lessons {
  const lessons = db.collection<Lesson & { readonly _id: string }>('lessons');
  return {
    async save(fresh) {
      for (const lesson of fresh) {
        await retryWrite(() => lessons.replaceOne({ _id: lesson.id }, lesson, { upsert: true }));
      }
    },
    async recall(traits, { except, limit }) {
      const found = await lessons
        .find({ 'traits.modality': traits.modality }, { projection: { _id: 0 } })
        .sort({ at: -1 })
        .limit(LOOKED_AT)
        .toArray();
      return bestLessons(
        found.filter(({ id }) => !id.startsWith(`${except}/`)),
        traits,
        limit,
      );
    },
  };
}

/** By shared traits, then by effect; a text or a family's second lesson of a kind comes after all firsts. Latest first among equals. */
export function bestLessons(lessons: readonly Lesson[], traits: LessonTraits, limit: number): readonly Lesson[] {
  const seen = new Map<string, number>();
  return lessons
    .map((lesson) => ({ lesson, match: matchOf(lesson.traits, traits) }))
    .filter(({ match }) => match > 0)
    .sort((a, b) => b.match - a.match || Math.abs(b.lesson.effect ?? 0) - Math.abs(a.lesson.effect ?? 0))
    .map((ranked) => {
      const key = `${ranked.lesson.kind}/${ranked.lesson.family}`;
      const round = seen.get(key) ?? 0;
      seen.set(key, round + 1);
      return { ...ranked, round };
    })
    .sort((a, b) => a.round - b.round || b.match - a.match)
    .slice(0, limit)
    .map(({ lesson }) => lesson);
}

/** The kind of prediction counts most, then the metric, then each regime that both have; 0: another kind of prediction. */
function matchOf(one: LessonTraits, other: LessonTraits): number {
  if (one.modality !== other.modality || one.taskType !== other.taskType) return 0;
  const shared = one.regimes.filter((regime) => other.regimes.includes(regime)).length;
  return 2 + (one.metric === other.metric ? 2 : 0) + shared;
}
