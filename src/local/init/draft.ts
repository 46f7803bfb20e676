import type { FieldPath } from '../../lib/field-path.js';
import { printable } from '../../lib/printable.js';
import { RegistrarError } from '../../model/errors.js';
import { API_VERSION } from '../../model/names.js';
import { baseOf, parentOf } from '../../verification/tree/tree-path.js';
import { manifestProblems } from './field-problem.js';
import type { Asked } from './field-problem.js';
import type { Build, Facts, Found } from './found.js';

/** What is known of all that a manifest must have. */
export type Answers = Record<Asked, Found>;

/** A part of a manifest that may be left out. */
export interface Piece {
  /** Of a list, the list itself: then the value is added to it. */
  readonly path: FieldPath;
  readonly value: unknown;
  readonly from: string;
  readonly isItem?: boolean;
}

/** A manifest, and where its parts are from. */
export interface Draft {
  readonly manifest: object;
  readonly origins: readonly { readonly path: FieldPath; readonly from: string }[];
}

/** What a manifest must have. INVALID, with all that is wrong, when it cannot be one. */
export function baseDraft(answers: Answers, { dockerfile }: Build): Draft {
  const { name, version, type, license, repoUrl, branch } = answers;
  const [path, file] = [parentOf(dockerfile), baseOf(dockerfile)];
  const manifest = {
    ...{ apiVersion: API_VERSION, kind: 'Module', metadata: { name: name.value } },
    spec: {
      ...{ version: version.value, type: type.value, license: license.value },
      source: {
        ...{ repoUrl: repoUrl.value, branch: branch.value },
        ...(path !== '' && { path }),
        ...(file !== 'Dockerfile' && { dockerfile: file }),
      },
    },
  };
  const problems = manifestProblems(manifest);
  if (problems.length > 0) throw new RegistrarError('INVALID', problems.join('\n'));
  const origin = (from: Found, ...at: FieldPath) => ({ path: at, from: from.from });
  return {
    manifest,
    origins: [
      origin(name, 'metadata', 'name'),
      origin(version, 'spec', 'version'),
      origin(type, 'spec', 'type'),
      origin(license, 'spec', 'license'),
      origin(repoUrl, 'spec', 'source', 'repoUrl'),
      origin(branch, 'spec', 'source', 'branch'),
    ],
  };
}

const LIMITS = { memory: '512Mi', cpus: '1.0', pids: 256 };

/** The parts that what was found makes, in the order in which they stand in a manifest. */
export function piecesOf({ description, author }: Facts, build: Build): Piece[] {
  const one = (name: string, found: Found<unknown> | undefined): Piece[] =>
    found === undefined ? [] : [{ path: ['spec', name], ...found }];
  const items = (name: string, all: readonly Found<unknown>[]): Piece[] =>
    all.map((found) => ({ path: ['spec', name], isItem: true, ...found }));
  const { user } = build;
  return [
    ...one('description', description),
    ...one('author', author),
    ...items('env', build.env),
    ...items('ports', build.ports.map(withoutDefaults)),
    ...items('volumes', build.volumes),
    ...one('resources', {
      value: LIMITS,
      from: 'the defaults; measure, and set what it needs',
    }),
    ...one('healthCheck', build.healthCheck ?? probeOf(build)),
    ...one('securityContext', user && { value: { runAsUser: user.value }, from: user.from }),
  ];
}

const withoutDefaults = ({ value, from }: Build['ports'][number]): Found<object> => {
  const { name, containerPort, protocol } = value;
  return { value: { name, containerPort, ...(protocol === 'UDP' && { protocol }) }, from };
};

/** The first port that takes connections, in place of a check that nobody wrote. */
function probeOf({ ports }: Build): Found<object> | undefined {
  const port = ports.find(({ value }) => value.protocol === 'TCP')?.value.containerPort;
  if (port === undefined) return undefined;
  return { value: { tcp: { port } }, from: 'EXPOSE; an http or exec check tells more' };
}

/** Longest text that is taken over. */
const MAX_TEXT = 4096;

/** Whether all texts in a value are what they look like: one line, with nothing hidden in it. */
function isPlain(value: unknown): boolean {
  if (typeof value === 'string') return printable(value, MAX_TEXT) === value;
  return typeof value !== 'object' || value === null || Object.values(value).every(isPlain);
}

/** A draft with one more piece; undefined when it would not be a manifest with it. */
export function withPiece({ manifest, origins }: Draft, piece: Piece): Draft | undefined {
  if (!isPlain(piece.value)) return undefined;
  const next = structuredClone(manifest) as { spec: Record<string, unknown> };
  const key = String(piece.path[1]);
  const before = next.spec[key];
  const list = Array.isArray(before) ? (before as unknown[]) : [];
  next.spec[key] = piece.isItem === true ? [...list, piece.value] : piece.value;
  if (manifestProblems(next).length > 0) return undefined;
  const path = piece.isItem === true ? [...piece.path, list.length] : piece.path;
  return { manifest: next, origins: [...origins, { path, from: piece.from }] };
}
