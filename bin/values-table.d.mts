export function writeValuesTable(root: string): void;
export function withTable(text: string, table: string): string;
export function valuesTable(root: string): string;
