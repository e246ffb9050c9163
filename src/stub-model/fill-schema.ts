/** A value that fits a JSON Schema, with canned content where a property's name says what it is for. */
import { drawOf, pick } from './random.js';
import type { JsonSchema } from './request.js';

/** Text for a property of this name. */
export type Wording = (name: string) => string;

const DEEPEST = 12;

/** Understands what Zod and OpenAI's strict schemas are made of; other keywords are passed over. */
export function fillSchema(schema: JsonSchema, wording: Wording, seed: string): unknown {
  const filled = (part: unknown, name: string, path: string): unknown => {
    const node = resolved(schema, part);
    if (path.split('/').length > DEEPEST) return null;
    if ('const' in node) return node.const;
    if (nonEmpty(node.enum)) return pick(node.enum, seed, path);
    const choice = alternatives(node);
    if (choice !== undefined) return filled(choice, name, `${path}/`);
    if (node.allOf !== undefined) return filled(merged(schema, node.allOf), name, `${path}/`);
    switch (kindOf(node)) {
      case 'object':
        return objectFrom(node, path);
      case 'array':
        return arrayFrom(node, name, path);
      case 'string':
        return wording(name);
      case 'integer':
      case 'number':
        return numberFrom(node, path);
      case 'boolean':
        return drawOf(seed, path) < 0.5;
      default:
        return null;
    }
  };

  const objectFrom = (node: JsonSchema, path: string): unknown =>
    Object.fromEntries(
      Object.entries(record(node.properties)).map(([key, part]) => [key, filled(part, key, `${path}/${key}`)]),
    );

  const arrayFrom = (node: JsonSchema, name: string, path: string): unknown => {
    const least = numeric(node.minItems) ?? 1;
    const most = numeric(node.maxItems) ?? Math.max(least, 3);
    const length = least + Math.floor(drawOf(seed, path, 'length') * (Math.min(most, least + 2) - least + 1));
    return Array.from({ length }, (_, k) => filled(node.items, name, `${path}/${k}`));
  };

  const numberFrom = (node: JsonSchema, path: string): number => {
    const least = numeric(node.minimum) ?? numeric(node.exclusiveMinimum) ?? 0;
    const most = numeric(node.maximum) ?? numeric(node.exclusiveMaximum) ?? least + 10;
    const value = least + drawOf(seed, path) * (Math.min(most, least + 1000) - least);
    const whole = Math.min(Math.floor(most), Math.max(Math.ceil(least), Math.round(value)));
    return kindOf(node) === 'integer' ? whole : value;
  };

  return filled(schema, '', '');
}

function resolved(root: JsonSchema, part: unknown): JsonSchema {
  const node = record(part);
  if (typeof node.$ref !== 'string') return node;
  const steps = node.$ref.replace(/^#\/?/, '').split('/').filter(Boolean);
  return record(steps.reduce<unknown>((at, step) => record(at)[decodeURIComponent(step)], root));
}

function merged(root: JsonSchema, parts: unknown): JsonSchema {
  return Object.assign({}, ...(Array.isArray(parts) ? parts.map((part) => resolved(root, part)) : []));
}

/** The first alternative that is more than null. */
function alternatives(node: JsonSchema): unknown {
  const options = node.anyOf ?? node.oneOf;
  if (!Array.isArray(options)) return undefined;
  return options.find((option) => record(option).type !== 'null') ?? options[0];
}

function kindOf(node: JsonSchema): unknown {
  if (Array.isArray(node.type)) return node.type.find((kind) => kind !== 'null');
  return node.type ?? (node.properties === undefined ? undefined : 'object');
}

function record(value: unknown): JsonSchema {
  return typeof value === 'object' && value !== null ? (value as JsonSchema) : {};
}

function numeric(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function nonEmpty(value: unknown): value is readonly [unknown, ...unknown[]] & [unknown, ...unknown[]] {
  return Array.isArray(value) && value.length > 0;
}
