export function findResult(folder: string): { readonly report: string; readonly headline: string } | undefined;
export function isolationOf(report: string): string;
