export interface RenderedObject {
  readonly source: string;
  readonly key: string;
  readonly text: string;
  readonly value: unknown;
}
export function renderAll(root: string, helm?: string): void;
export function renderObjects(root: string, helm: string, values: readonly string[]): readonly RenderedObject[];
