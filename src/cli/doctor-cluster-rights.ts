/** What a worker may do in the namespace of the programs: exactly the role of the chart, asked right by right. */
import type { Gateway } from '../execution/kubernetes/gateway.js';
import type { Finding } from './doctor-checks.js';

interface Right {
  readonly group: string;
  /** With the sub-resource after a slash. */
  readonly resource: string;
  readonly verbs: readonly string[];
}

/** The same as helm/automlgen/templates/rbac.yaml. */
export const RIGHTS: readonly Right[] = [
  { group: 'batch', resource: 'jobs', verbs: ['create', 'get', 'list', 'watch', 'delete'] },
  { group: '', resource: 'pods', verbs: ['get', 'list', 'watch'] },
  { group: '', resource: 'pods/log', verbs: ['get'] },
  { group: '', resource: 'configmaps', verbs: ['create'] },
  { group: '', resource: 'events', verbs: ['list'] },
];

type Api = Pick<Gateway, 'request'>;

export async function checkRights(api: Api, namespace: string): Promise<readonly Finding[]> {
  const refused = await Promise.all(
    RIGHTS.map(async (right) => ({ ...right, verbs: await refusedVerbs(api, namespace, right) })),
  );
  const lacking = refused.filter(({ verbs }) => verbs.length > 0);
  if (lacking.length === 0) {
    const count = RIGHTS.reduce((sum, { verbs }) => sum + verbs.length, 0);
    const found = `all ${count} rights on jobs, pods, logs, ConfigMaps and events in ${namespace}`;
    return [{ about: 'kubernetes', level: 'fine', found }];
  }
  const subject = await subjectFlag(api);
  return lacking.map((right) => ({
    about: 'kubernetes',
    level: 'blocked',
    found: `may not ${right.verbs.join(', ')} ${right.resource} in ${namespace}`,
    fix: grant(right, namespace, subject),
  }));
}

/** Whether this identity may do one thing; a server that cannot be asked counts as no. */
export async function isAllowed(
  api: Api,
  namespace: string,
  right: Omit<Right, 'verbs'>,
  verb: string,
): Promise<boolean> {
  const [resource, subresource] = right.resource.split('/');
  const body = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: {
      resourceAttributes: { namespace, group: right.group, resource, verb, ...(subresource && { subresource }) },
    },
  };
  const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
  const review = await api.request<{ readonly status?: { readonly allowed?: boolean } }>(path, {
    method: 'POST',
    body,
  });
  return review.status?.allowed === true;
}

async function refusedVerbs(api: Api, namespace: string, right: Right): Promise<readonly string[]> {
  const allowed = await Promise.all(right.verbs.map((verb) => isAllowed(api, namespace, right, verb)));
  return right.verbs.filter((_, index) => !allowed[index]);
}

/** Who is asking, as kubectl wants it in a binding. */
async function subjectFlag(api: Api): Promise<string> {
  const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
  const path = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
  const review = await api
    .request<{ readonly status?: { readonly userInfo?: { readonly username?: string } } }>(path, {
      method: 'POST',
      body,
    })
    .catch(() => undefined);
  const name = review?.status?.userInfo?.username ?? '<user>';
  const [, namespace, account] = /^system:serviceaccount:([^:]+):(.+)$/.exec(name) ?? [];
  return account === undefined ? `--user=${name}` : `--serviceaccount=${namespace}:${account}`;
}

function grant({ group, resource, verbs }: Right, namespace: string, subject: string): string {
  const name = `automlgen-${resource.replace('/', '-')}`;
  const what = group === '' ? resource : `${resource}.${group}`;
  const role = `kubectl create role ${name} -n ${namespace} --verb=${verbs.join(',')} --resource=${what}`;
  return `${role} && kubectl create rolebinding ${name} -n ${namespace} --role=${name} ${subject}`;
}
