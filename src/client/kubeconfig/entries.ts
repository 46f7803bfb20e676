/** Whom a kubeconfig points to and how; of the parts only these are ever written. */
export interface KubeconfigEntries {
  /** Of context, cluster and user alike. */
  readonly name: string;
  readonly cluster: {
    readonly server: string;
    /** PEM in base64. */
    readonly 'certificate-authority-data'?: string;
    readonly 'insecure-skip-tls-verify'?: true;
  };
  readonly user: { readonly token: string };
}

/** A part of a list of a kubeconfig: one of its entries and the name of what it holds. */
export interface NamedEntry {
  readonly list: 'clusters' | 'users' | 'contexts';
  readonly field: 'cluster' | 'user' | 'context';
  readonly value: object;
}

/**
 * What is to be in the lists of a kubeconfig. The context has no namespace: the events of modules
 * are looked for in the one that kubectl takes then.
 */
export function namedEntries({ name, cluster, user }: KubeconfigEntries): NamedEntry[] {
  return [
    { list: 'clusters', field: 'cluster', value: cluster },
    { list: 'users', field: 'user', value: user },
    { list: 'contexts', field: 'context', value: { cluster: name, user: name } },
  ];
}

/** A whole kubeconfig as kubectl writes it. */
export async function newKubeconfig(entries: KubeconfigEntries): Promise<string> {
  const lists = namedEntries(entries).map(({ list, field, value }) => [
    list,
    [{ name: entries.name, [field]: value }],
  ]);
  const whole = {
    ...{ apiVersion: 'v1', kind: 'Config' },
    ...(Object.fromEntries(lists) as object),
    'current-context': entries.name,
  };
  const { stringify } = await import('yaml');
  return stringify(whole, { version: '1.1', lineWidth: 0, indentSeq: false });
}
