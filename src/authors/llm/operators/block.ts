/** Makers of blocks: a heading of ours over fenced text of others. */
import { budgetedView, type CountTokens, type ViewKind } from '../views/budgeted.js';
import { cleaned, fenced } from '../views/untrusted.js';
import type { Block, BlockName } from './assemble.js';

/** Heading and fences cost about this much. */
const FRAME_TOKENS = 24;

interface Shape {
  readonly name: BlockName;
  /** Ours; may be empty. */
  readonly heading: string;
  /** Ours: what the fence says is inside. */
  readonly label: string;
  readonly kind: ViewKind;
  readonly most?: number;
  readonly least?: number;
}

/** Anybody's text in one fence, shortened in the manner of its kind. */
export function dataBlock({ name, heading, label, kind, most, least }: Shape, text: string, count: CountTokens): Block {
  const clean = cleaned(text);
  return {
    name,
    ...(most !== undefined && { most }),
    ...(least !== undefined && { least }),
    within: (tokens) => {
      const inside = fenced(label, budgetedView(clean, kind, tokens - FRAME_TOKENS, count));
      return inside === '' ? '' : `${heading}${heading && '\n\n'}${inside}`;
    },
  };
}

/** Items in order of worth, one fence around all: as many whole ones as fit. */
export function listBlock(shape: Omit<Shape, 'kind'>, items: readonly string[], count: CountTokens): Block {
  const { name, heading, label, most, least } = shape;
  return {
    name,
    ...(most !== undefined && { most }),
    ...(least !== undefined && { least }),
    within: (tokens) => {
      const shown = leading(items, tokens - FRAME_TOKENS, count);
      const inside = fenced(label, shown.join('\n'));
      return inside === '' ? '' : `${heading}${heading && '\n\n'}${inside}`;
    },
  };
}

/** Text of ours. */
export function plainBlock(name: BlockName, text: string): Block {
  return { name, within: () => text };
}

function leading(items: readonly string[], tokens: number, count: CountTokens): readonly string[] {
  if (tokens === Number.POSITIVE_INFINITY) return items;
  let left = tokens;
  const end = items.findIndex((item) => {
    left -= count(cleaned(item)) + 1;
    return left < 0;
  });
  return end < 0 ? items : items.slice(0, end);
}
