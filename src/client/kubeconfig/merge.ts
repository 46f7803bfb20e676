import { RegistrarError } from '../../model/errors.js';
import { namedEntries, newKubeconfig } from './entries.js';
import type { KubeconfigEntries, NamedEntry } from './entries.js';
import type { Document, ToStringOptions, YAMLMap, YAMLSeq } from 'yaml';

/**
 * The text of a kubeconfig with our entries in it: added, or in place of those with the same name.
 * All else stays as it is, with comments and the order. `path` is for messages. BAD_REQUEST when
 * the text is no kubeconfig.
 */
export async function mergeKubeconfig(
  text: string,
  entries: KubeconfigEntries,
  path: string,
): Promise<string> {
  const { isMap, parseDocument } = await import('yaml');
  const document = parseDocument(text);
  if (document.errors.length > 0) throw notOne(path);
  // A file without content, but perhaps with comments.
  if (document.contents === null) return withLineFeed(text) + (await newKubeconfig(entries));
  const isConfig = isMap(document.contents) && (document.get('kind') ?? 'Config') === 'Config';
  if (!isConfig) throw notOne(path);
  for (const entry of namedEntries(entries)) {
    setEntry(document, await listIn(document, entry.list, path), entries.name, entry);
  }
  document.set('current-context', document.get('current-context') || entries.name);
  return document.toString(styleOf(text));
}

const withLineFeed = (text: string): string => text.replace(/[^\n]$/, '$&\n');

/** The list of that name, made when there is none. */
async function listIn(document: Document, name: string, path: string): Promise<YAMLSeq> {
  const { isSeq } = await import('yaml');
  if ((document.get(name) ?? undefined) === undefined) {
    document.set(name, document.createNode([]));
  }
  const list = document.get(name);
  if (isSeq(list)) return list;
  throw notOne(path);
}

function setEntry(
  document: Document,
  list: YAMLSeq,
  name: string,
  { field, value }: NamedEntry,
): void {
  const node = document.createNode({ name, [field]: value });
  const at = list.items.findIndex((item) => nameOf(item) === name);
  if (at >= 0) list.items[at] = node;
  else list.items.push(node);
  // An empty list is written as [] and would go on in that style.
  list.flow = false;
}

const nameOf = (item: unknown): unknown => (item as YAMLMap | null)?.get?.('name');

/** Keeps lines as they are: kubectl writes lists as deep as their key, people often deeper. */
const styleOf = (text: string): ToStringOptions => ({
  lineWidth: 0,
  indentSeq: !/^[\w-]+:[ \t]*\n- /m.test(text),
  flowCollectionPadding: /[[{] /.test(text),
});

const notOne = (path: string): RegistrarError =>
  new RegistrarError(
    'BAD_REQUEST',
    `File "${path}" is not a kubeconfig that can be read; repair it, or name another with --output`,
  );
