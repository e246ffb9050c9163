/** First programs in the order in which to try them: strong and unlike each other first. Measured on real tables, texts, images. */
import type { PlanIdea } from './assemble.js';
import type { Shape } from './facts.js';
import { IMAGE_PORTFOLIO } from './portfolio-image.js';
import { TABLE_PORTFOLIO } from './portfolio-table.js';
import { TEXT_PORTFOLIO } from './portfolio-text.js';

export const PORTFOLIO: Readonly<Record<Shape, readonly PlanIdea[]>> = {
  table: TABLE_PORTFOLIO,
  text: TEXT_PORTFOLIO,
  image: IMAGE_PORTFOLIO,
};
