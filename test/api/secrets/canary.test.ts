import { expect, it } from 'vitest';
import type { CreateRequest } from '../../../src/docker/runtime.js';
import { DEFINITIONS } from '../../../src/kinds/registered.js';
import { groupPath } from '../../../src/api/resources/resource-routes.js';
import { CANARIES, base64, foundIn, foundInFiles } from '../../helpers/canaries.js';
import { serve } from '../../helpers/served.js';
import type { Served } from '../../helpers/served.js';
import { aModule, MERGE_PATCH, MODULES } from '../test-api.js';
import { aSecret, SECRETS } from './test-secrets.js';

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
const FORMS = [
  'application/json',
  'application/json;as=Table;g=meta.k8s.io;v=v1',
  'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json',
];

const STRICT = `${SECRETS}?fieldValidation=Strict`;

/** Every answer of a daemon, with its headers. */
class Answers {
  readonly texts: string[] = [];

  constructor(private readonly served: Served) {}

  async ask(
    method: string,
    path: string,
    { body, type = 'application/json', accept = '*/*' }: Record<string, unknown> = {},
  ): Promise<number> {
    const answer = await fetch(`${this.served.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.served.token}`,
        'content-type': String(type),
        accept: String(accept),
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const headers = JSON.stringify([...answer.headers]);
    this.texts.push(`${method} ${path} ${headers} ${await answer.text()}`);
    return answer.status;
  }
}

/** Puts a value into each way in: those that work, and those that are refused. */
async function plant({ ask }: { ask: Answers['ask'] }, { registry }: Served): Promise<void> {
  const all = aSecret('keys', {
    data: { data: base64(CANARIES.data) },
    stringData: { text: CANARIES.text },
  });
  const record = { ...all, stringData: { text: CANARIES.text, client: CANARIES.client } };
  const metadata = { name: 'keys', annotations: { [LAST_APPLIED]: JSON.stringify(record) } };
  const keys = `${SECRETS}/keys`;
  expect(await ask('POST', `${SECRETS}?dryRun=All`, { body: all })).toBe(201);
  expect(await ask('POST', SECRETS, { body: { ...all, metadata } })).toBe(201);
  const resourceVersion = registry.get('Secret', 'keys')?.object.metadata.resourceVersion;
  const put = {
    ...{ ...all, metadata: { name: 'keys', resourceVersion } },
    stringData: { put: CANARIES.put },
  };
  expect(await ask('PUT', keys, { body: put })).toBe(200);
  const merge = { stringData: { merge: CANARIES.merge, text: CANARIES.text } };
  expect(await ask('PATCH', keys, { body: merge, type: MERGE_PATCH })).toBe(200);
  const json = [{ op: 'add', path: '/data/json', value: base64(CANARIES.json) }];
  const type = 'application/json-patch+json';
  expect(await ask('PATCH', keys, { body: json, type })).toBe(200);
  const applied = aSecret('keys', { stringData: { applied: CANARIES.applied } });
  const apply = { body: applied, type: 'application/apply-patch+yaml' };
  expect(await ask('PATCH', `${keys}?fieldManager=me`, apply)).toBe(200);
  const other = aSecret('keys', { stringData: { applied: CANARIES.file } });
  const conflict = { body: other, type: 'application/apply-patch+yaml' };
  expect(await ask('PATCH', `${keys}?fieldManager=you`, conflict)).toBe(409);

  const refused: [string, string, Record<string, unknown>][] = [
    ['POST', SECRETS, { body: aSecret('bad', { data: { a: CANARIES.data } }) }],
    ['POST', SECRETS, { body: aSecret('bad', { stringData: [CANARIES.data] }) }],
    ['POST', STRICT, { body: aSecret('bad', { stringdata: { a: CANARIES.text } }) }],
    ['POST', SECRETS, { body: aSecret('bad', { type: 'ssh', stringData: { a: CANARIES.env } }) }],
    ['POST', SECRETS, { body: `{"stringData": {"a": "${CANARIES.env}"` }],
    ['POST', SECRETS, { body: `stringData: {a: "${CANARIES.env}"`, type: 'application/yaml' }],
    ['PUT', keys, { body: aSecret('other', { stringData: { a: CANARIES.env } }) }],
    ['PATCH', keys, { body: [{ op: 'test', path: '/data/json', value: CANARIES.env }], type }],
    ['PATCH', keys, { body: [{ op: 'add', path: '/data/a/b', value: CANARIES.env }], type }],
    ['PATCH', `${SECRETS}/none`, { body: merge, type: MERGE_PATCH }],
    ['POST', MODULES, { body: aModule('bad', { env: { a: CANARIES.env } }) }],
  ];
  for (const [method, path, options] of refused) {
    expect(await ask(method, path, options)).toBeGreaterThanOrEqual(400);
  }
}

/** Reads everything that there is to read. */
async function readAll({ ask }: { ask: Answers['ask'] }): Promise<void> {
  for (const definition of DEFINITIONS) {
    const path = `${groupPath(definition)}/${definition.plural}`;
    for (const accept of FORMS) await ask('GET', path, { accept });
    // With what the log still has of earlier states.
    await ask('GET', `${path}?watch=true&resourceVersion=1&timeoutSeconds=1`);
  }
  await ask('GET', `${SECRETS}/keys`);
  await ask('GET', '/auditz');
  await ask('GET', '/metrics');
  await ask('GET', `${MODULES}/web/trust`);
}

it('no value is in an answer, an object, the log of changes, the audit or a file', async () => {
  const served = await serve();
  const answers = new Answers(served);
  const ask = answers.ask.bind(answers);
  await plant({ ask }, served);
  const env = ['data', 'put', 'merge', 'json', 'applied'].map((key) => ({
    name: key.toUpperCase(),
    valueFrom: { secretKeyRef: { name: 'keys', key } },
  }));
  const gone = env.filter(({ name }) => name !== 'DATA');
  await ask('POST', MODULES, { body: aModule('web', { env: gone }) });
  await expect
    .poll(() => served.registry.get('Module', 'web')?.object.status.phase, { timeout: 30_000 })
    .toBe('Running');
  const [request] = served.runtime.calls
    .filter(({ method }) => method === 'create')
    .map(({ args }) => args[0] as CreateRequest);
  expect(Object.fromEntries(request?.secrets ?? [])).toEqual({
    ...{ PUT: CANARIES.put, MERGE: CANARIES.merge },
    ...{ JSON: CANARIES.json, APPLIED: CANARIES.applied },
  });
  await readAll({ ask });
  expect(answers.texts.length).toBeGreaterThan(40);
  expect(
    answers.texts.flatMap((text) => foundIn(text).map((value) => `${value} in ${text}`)),
  ).toEqual([]);
  // The log of changes, the audit and what SQLite has of deleted rows are among the files.
  expect(foundInFiles(served.dataDir)).toEqual([]);
});

it('the search for values finds them', () => {
  const texts = Object.values(CANARIES).flatMap((value) => [
    ...[value, JSON.stringify({ a: value }), `Basic ${base64(`user:${value}`)}`, base64(value)],
    ...[encodeURIComponent(value), JSON.stringify(JSON.stringify({ a: value }))],
  ]);
  expect(texts.filter((text) => foundIn(text).length === 0)).toEqual([]);
  expect(foundIn('nothing of the kind')).toEqual([]);
});
