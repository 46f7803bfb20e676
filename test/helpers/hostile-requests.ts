import { request } from 'node:http';
import { BENCH_TOKEN } from './bench-process.js';

export const MODULES = '/apis/registrar.synapsis.network/v1/modules';

/** A request that nobody honest sends. */
export interface HostileRequest {
  readonly method: string;
  readonly path: string;
  readonly type: string;
  readonly body: string | Buffer;
  /** The right one if not given. */
  readonly token?: string;
  /** Goes away in the middle of it. */
  readonly leaves?: boolean;
}

const deep = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
const module = (fields: object): string =>
  JSON.stringify({ apiVersion: 'registrar.synapsis.network/v1', kind: 'Module', ...fields });

/** What has hurt readers of JSON and YAML, and what a name or a text can be. */
const BODIES: readonly (string | Buffer)[] = [
  ...['', '{', '[]', 'null', '"x"', '1e999', '\uFEFF{}', '{"a":1,"a":2}', '{"__proto__":{"a":1}}'],
  ...[
    deep(100_000),
    '['.repeat(200_000),
    `[${'0,'.repeat(400_000)}0]`,
    `"${'x'.repeat(2_000_000)}"`,
  ],
  ...[
    module({ metadata: { name: 'x'.repeat(100_000) } }),
    module({ metadata: { name: '../../x' } }),
  ],
  module({ metadata: { name: 'a\u0000b\u202e' }, spec: { image: '\ud800' } }),
  module({ metadata: { name: 'module-0', labels: Object.fromEntries(keys(20_000)) } }),
  module({ metadata: { constructor: { prototype: 1 }, finalizers: Array(9999).fill('x') } }),
  Buffer.from([0xff, 0xfe, 0x00, 0xd8]),
  'a: &a [x]\nb: &b [*a,*a,*a]\nc: [*b,*b,*b]',
  ...[
    '? '.repeat(400),
    `- ${'? '.repeat(300)}`,
    '- a\n'.repeat(60_000),
    '---\na: b\n'.repeat(20_000),
  ],
  ...[
    '!!js/function "x"',
    '%YAML 9.9\n---\na',
    `a: ${'['.repeat(5000)}`,
    '\t- x',
    '@'.repeat(90_000),
  ],
  keys(15_000)
    .map(([key]) => `${key}: 1`)
    .join('\n'),
  JSON.stringify(Array.from({ length: 1500 }, () => ({ op: 'copy', from: '', path: '/spec/x' }))),
];

function keys(count: number): [string, string][] {
  return Array.from({ length: count }, (_, index) => [`key-${index}`, 'x']);
}

const TYPES = [
  ...['application/json', 'application/yaml', 'application/merge-patch+json', 'text/plain', ''],
  ...['application/apply-patch+yaml', 'application/json-patch+json', 'multipart/form-data'],
];

const NAMES = [
  '%2e%2e%2f%2e%2e',
  '%00',
  'a'.repeat(4000),
  '%ff%fe',
  'con',
  '__proto__',
  '%E2%80%AE',
  'x%2Fy',
];
const QUERIES = [
  ...[
    '?limit=-1',
    '?continue=AAAA',
    `?labelSelector=${'a,'.repeat(3000)}`,
    '?watch=true&resourceVersion=x',
  ],
  ...[
    `?fieldSelector=${'('.repeat(500)}`,
    '?dryRun=All&dryRun=x',
    '?fieldManager=%00',
    '?__proto__[a]=1',
  ],
];

/** All of them: each body as each type to each way in, each path and query, and some that leave. */
export function hostileRequests(): HostileRequest[] {
  const ways = [
    ['POST', MODULES],
    ['PUT', `${MODULES}/module-0`],
    ['PATCH', `${MODULES}/module-0`],
  ] as const;
  const written = ways.flatMap(([method, path]) =>
    BODIES.flatMap((body) => TYPES.map((type) => ({ method, path, type, body }))),
  );
  const read = [...NAMES.map((name) => `/${name}`), ...QUERIES].map((end) => ({
    ...{ method: 'GET', path: `${MODULES}${end}`, type: '', body: '' },
  }));
  const guesses = Array.from({ length: 50 }, (_, index) => ({
    ...{ method: 'GET', path: MODULES, type: '', body: '', token: `rgt_${index}` },
  }));
  const leaving = written.filter((_, index) => index % 9 === 0);
  return [...written, ...read, ...guesses, ...leaving.map((one) => ({ ...one, leaves: true }))];
}

/** The status of the answer; 0 where the server or the sender hung up. */
export function send(port: number, hostile: HostileRequest): Promise<number> {
  const { method, path, type, body, token = BENCH_TOKEN, leaves = false } = hostile;
  const headers = {
    authorization: `Bearer ${token}`,
    ...(type !== '' && { 'content-type': type }),
  };
  return new Promise((resolve) => {
    const sent = request({ port, host: '127.0.0.1', method, path, headers }, (answer) => {
      answer.resume().on('close', () => resolve(answer.statusCode ?? 0));
    });
    sent.on('error', () => resolve(0));
    if (!leaves) return void sent.end(body);
    sent.setHeader('content-length', Buffer.byteLength(body) + 10);
    sent.write(body.length === 0 ? ' ' : body, () => sent.destroy());
  });
}
