import { randomBytes } from 'node:crypto';
import { isRegistrarError } from '../../model/errors.js';
import type { Module } from '../../model/module.js';
import { repositoryKey } from '../../plan/updates/repository-key.js';
import type { ReconcileContext } from '../context.js';
import { usableSecret } from '../preparation/secret-use.js';
import { followedOf } from './followed.js';

/** Key of a Secret that signs pushes. */
const TOKEN = 'token';
/** Different keys that one push is compared with. */
const MAX_KEYS = 16;

type Parts = Pick<ReconcileContext, 'registry' | 'hints'>;

/**
 * Makes those modules look now that follow one of the repositories, for as far as their key signed
 * the push. Returns them. What nobody follows takes as long as what is signed wrongly.
 */
export function modulesPushed(
  repositories: readonly string[],
  isSigned: (key: Buffer) => boolean,
  { registry, hints }: Parts,
): string[] {
  const keys = new Set(repositories.map(repositoryKey).filter(Boolean));
  const concerned = registry
    .list('Module')
    .items.map(({ object }) => object)
    .filter((module) => followsOneOf(module, keys));
  const verdicts = new Map<string, boolean>();
  const pushed = concerned.filter((module) => {
    const key = keyOf(module, { registry });
    if (key === undefined) return false;
    const text = key.toString('base64');
    if (!verdicts.has(text) && verdicts.size < MAX_KEYS) verdicts.set(text, isSigned(key));
    return verdicts.get(text) === true;
  });
  if (verdicts.size === 0) isSigned(randomBytes(32));
  for (const { metadata } of pushed) hints.add(metadata.name);
  return pushed.map(({ metadata }) => metadata.name);
}

function followsOneOf(module: Module, keys: ReadonlySet<string>): boolean {
  const { source, updates } = module.spec;
  if (updates.webhookSecret === undefined || source === undefined) return false;
  const kind = followedOf(module)?.kind;
  return kind !== undefined && kind !== 'image' && keys.has(repositoryKey(source.repoUrl));
}

/** Undefined when the module may not use the Secret, or it has no such key. */
function keyOf(module: Module, { registry }: Pick<Parts, 'registry'>): Buffer | undefined {
  const { webhookSecret = '' } = module.spec.updates;
  if (usableSecret(module, webhookSecret, { registry }).secret === undefined) return undefined;
  try {
    return registry.secrets.reveal(webhookSecret, [TOKEN]).get(TOKEN);
  } catch (error) {
    if (isRegistrarError(error)) return undefined;
    throw error;
  }
}
