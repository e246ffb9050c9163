export const RECORD: string;
export const OVERLAYS: readonly string[];
export function chartFiles(root: string): {
  readonly sources: Readonly<Record<string, string>>;
  readonly rendered: Readonly<Record<string, string>>;
};
