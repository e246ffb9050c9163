/** The page of a run in the Temporal UI. */
export function temporalUiLink(base: string | undefined, runId: string, namespace = 'default'): string | undefined {
  return base === undefined ? undefined : `${base.replace(/\/$/, '')}/namespaces/${namespace}/workflows/${runId}`;
}
