/** A run without one of its parts: everything else stays as it is, the seeds too. */
import type { Part } from '../domain/part.js';
import type { RunConfig } from '../domain/run-config.js';
import type { TaskSource } from '../domain/task.js';

/** The configuration says which part is missing; what the search and the authors do without it follows from that. */
export function configWithout<C extends Pick<RunConfig, 'search'>>(config: C, part: Part | undefined): C {
  if (part === undefined) return config;
  const { search } = config;
  const named = { ...config, without: part };
  switch (part) {
    case 'knowledge':
      return { ...named, knowledgeProbability: 0, lessons: false };
    case 'evolve':
      return { ...named, search: { ...search, evolve: false } };
    case 'fuse':
      return { ...named, search: { ...search, fuse: false } };
    case 'aggregate':
      return { ...named, search: { ...search, aggregate: false } };
    case 'elite':
      return { ...named, search: { ...search, paperElite: false } };
    case 'memory':
    case 'hidden-evaluation':
      return named;
  }
}

/** Without hidden evaluation the task itself says that its programs are their own judges; private answers still grade the end. */
export function sourceWithout(source: TaskSource, part: Part | undefined): TaskSource {
  return part === 'hidden-evaluation' ? { ...source, task: { ...source.task, ruler: 'script' } } : source;
}
