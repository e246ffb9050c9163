/** One curated piece of know-how: what it is, when it helps, how to do it, and what proves it. */
import { z } from 'zod';
import { MetricName } from './metric.js';
import { Modality, TaskType } from './task.js';

export const KnowledgeLevel = z.enum(['model', 'data', 'strategy']);
export type KnowledgeLevel = z.infer<typeof KnowledgeLevel>;

export const KnowledgeKind = z.enum([
  'model',
  'loss',
  'optimiser',
  'cv-scheme',
  'encoder',
  'feature',
  'augmentation',
  'cleaning',
  'selection',
  'ensemble',
  'calibration',
  'postprocess',
  'metric-playbook',
  'debug-recipe',
  'search-tactic',
  'validation',
]);
export type KnowledgeKind = z.infer<typeof KnowledgeKind>;

export const Slot = z.enum([
  'load',
  'clean',
  'encode',
  'feature',
  'select',
  'model',
  'calibrate',
  'ensemble',
  'post',
  'split',
]);
export type Slot = z.infer<typeof Slot>;

const value = z.union([z.number(), z.string(), z.boolean()]);

export const Parameter = z.strictObject({
  name: z.string(),
  type: z.enum(['int', 'float', 'choice', 'bool']),
  range: z.tuple([z.number(), z.number()]).optional(),
  values: z.array(value).optional(),
  log: z.boolean().optional(),
  default: value,
  /** Good settings in the order in which to try them. */
  portfolio: z.array(value).optional(),
  note: z.string().optional(),
});
export type Parameter = z.infer<typeof Parameter>;

export const Evidence = z.strictObject({
  type: z.enum(['own-measurement', 'reproduction', 'paper', 'documentation', 'method', 'write-up']),
  claim: z.string(),
  source: z.string().optional(),
  checked: z.string().regex(/^\d{4}-\d{2}$/),
});

export type Evidence = z.infer<typeof Evidence>;

/** Front matter of an entry's file. `whenToUse` and `whenNot` hold predicates over the task card, prose after a colon. */
export const KnowledgeEntry = z.strictObject({
  id: z.string().regex(/^(model|data|strategy)\.[a-z0-9-]+\.[a-z0-9-]+$/),
  name: z.string().max(100),
  aliases: z.array(z.string()).default([]),
  level: KnowledgeLevel,
  kind: KnowledgeKind,
  /** Absent: any. */
  modalities: z.array(z.union([Modality, z.string()])).optional(),
  taskTypes: z.array(z.union([TaskType, z.string()])).optional(),
  metrics: z.array(z.union([MetricName, z.string()])).optional(),
  summary: z.string().max(300),
  whenToUse: z.array(z.string()).default([]),
  whenNot: z.array(z.string()).default([]),
  slots: z.array(Slot).default([]),
  /** Diversity is counted in families, for example `lightgbm`, `linear`, `naive-bayes`. */
  family: z.string().optional(),
  params: z.array(Parameter).default([]),
  component: z
    .strictObject({
      slot: Slot,
      /** Absent for a debug recipe whose rewrite changes the plan without inserting code. */
      template: z.string().optional(),
      imports: z.array(z.string()).default([]),
      minVersions: z.record(z.string(), z.string()).default({}),
      needs: z.string().optional(),
      rewrite: z.string().optional(),
    })
    .optional(),
  /** Debug recipes only: a regular expression on the error text. */
  signature: z.string().optional(),
  requires: z.array(z.string()).default([]),
  conflicts: z.array(z.string()).default([]),
  improves: z.array(z.string()).default([]),
  deps: z.array(z.string()).default([]),
  evidence: z.array(Evidence).min(1),
  cost: z.record(z.string(), z.number()).default({}),
  review: z.strictObject({ by: z.string(), checked: z.string().regex(/^\d{4}-\d{2}$/) }),
  origin: z.enum(['curated', 'team', 'run']).default('curated'),
  /** Markdown after the front matter. */
  body: z.string().max(1900),
});
export type KnowledgeEntry = z.infer<typeof KnowledgeEntry>;
