import type { Module } from '../../model/module.js';
import type { Sighting } from '../../plan/updates/candidates.js';
import type { ReconcileContext } from '../context.js';
import type { Work } from '../jobs.js';
import type { Basis } from '../preparation/basis.js';
import { registryLogin, repositoryLogin } from '../preparation/credentials.js';
import type { Login } from '../preparation/credentials.js';
import { locationOf, rulesOf } from '../preparation/source-job.js';
import type { Outcome } from '../outcome.js';
import { branchVersion } from './followed.js';
import type { Followed } from './followed.js';

type Parts = Pick<ReconcileContext, 'sources' | 'runtime' | 'registry' | 'hints'>;

/** The work of one look, or why nobody can be asked. */
export type Look =
  | { readonly work: Work<Sighting>; readonly problem?: undefined }
  | { readonly work?: undefined; readonly problem: Outcome };

/** Asks where what is followed is now: one question to a repository or to a registry. */
export function lookFor(module: Module, followed: Followed, basis: Basis, parts: Parts): Look {
  const look =
    followed.kind === 'image'
      ? lookAtImage(module, followed, parts)
      : lookAtRepository(module, followed, basis, parts);
  if (look.work === undefined) return look;
  const { work } = look;
  return {
    work: (onProgress, signal) => {
      // A hint that comes from here on may be about something newer: it asks for another look.
      parts.hints.delete(module.metadata.name);
      return work(onProgress, signal);
    },
  };
}

function lookAtImage(
  module: Module,
  { image }: Extract<Followed, { kind: 'image' }>,
  { runtime, registry }: Parts,
): Look {
  return withLogin(
    registryLogin(module, image, { registry }),
    (credentials) => async (_, signal) => {
      const id = await runtime.remoteDigest(image, signal, credentials);
      return { kind: 'head', name: image, id, version: '' };
    },
  );
}

function lookAtRepository(
  module: Module,
  followed: Exclude<Followed, { kind: 'image' }>,
  basis: Basis,
  { sources, registry }: Parts,
): Look {
  const location = locationOf(module);
  const rules = rulesOf(basis);
  return withLogin(repositoryLogin(module, { registry }), (credentials) => async (_, signal) => {
    if (followed.kind === 'tags') {
      const { range } = followed;
      return {
        kind: 'tags',
        range,
        tags: await sources.tags(location, rules, signal, credentials),
      };
    }
    const { ref, commit } = await sources.resolve(location, rules, signal, credentials);
    const version = branchVersion(module.spec.version, commit);
    return { kind: 'head', name: ref, id: commit, version };
  });
}

function withLogin<T>(login: Login<T>, make: (credentials?: T) => Work<Sighting>): Look {
  return login.problem === undefined
    ? { work: make(login.credentials) }
    : { problem: login.problem };
}
