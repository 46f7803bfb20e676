import { describe, expect, test } from 'vitest';
import { RegistrarError } from '../../../src/model/errors.js';
import type { Module } from '../../../src/model/module.js';
import type { Entry } from '../../../src/client/answers.js';
import { renderDescription } from '../../../src/client/render/describe-module.js';
import { renderObject } from '../../../src/client/render/describe-object.js';
import { renderDocument } from '../../../src/client/render/document.js';
import { renderError } from '../../../src/client/render/error.js';
import { ObjectTable, PLAIN_TABLE } from '../../../src/client/render/object-table.js';
import { isEmptyPlan, renderPlan } from '../../../src/client/render/plan.js';
import { columns, table } from '../../../src/client/render/table.js';
import { ServerError } from '../../../src/client/server-error.js';
import { safeText } from '../../../src/client/terminal.js';
import { EVENTS, MODULES } from '../../../src/client/resource.js';
import { aManifest, NOON } from '../../helpers/builders.js';

const at = (secondsBefore: number) => new Date(NOON - secondsBefore * 1_000).toISOString();

function aModule(overrides: Partial<Module['status']> = {}): Module {
  const metadata = {
    ...{ name: 'web', uid: 'uid-1', resourceVersion: '7', generation: 2 },
    creationTimestamp: at(3_600 * 5),
  };
  const status: Module['status'] = {
    ...{ phase: 'Degraded', observedGeneration: 2, replicas: 2, readyReplicas: 1, restarts: 4 },
    conditions: [
      {
        ...{ type: 'Ready', status: 'False', reason: 'CrashLoop', observedGeneration: 2 },
        message: 'web-0 exits with 1',
        lastTransitionTime: at(90),
      },
    ],
    containers: [
      {
        ...{
          slot: 0,
          name: 'web-aaaaaaa-0',
          revision: 'aaaaaaaaaaaaaaaa',
          state: 'exited',
          health: 'none',
          ready: false,
        },
        ...{ restarts: 4, engineRestarts: 0, failures: 4 },
        lastExit: { code: 1, reason: 'Error', at: at(12), message: 'boom' },
      },
    ],
    ...overrides,
  };
  return { ...aManifest('web', { replicas: 2, description: 'Serves' }), metadata, status };
}

/** A table of events as a server makes it. */
const happened = (...messages: string[]) => ({
  resource: EVENTS,
  columns: [
    { name: 'Last Seen', priority: 0 },
    { name: 'Message', priority: 0 },
    { name: 'Name', priority: 1, format: 'name' },
  ],
  entries: messages.map((message) => anEntry('e', ['60s (x3 over 10m)', message, 'e'])),
});

const anEntry = (name: string, cells: Entry['cells'], labels = {}): Entry => ({
  object: {
    ...{ apiVersion: 'v1', kind: 'Thing', metadata: { name, resourceVersion: '1', labels } },
  },
  cells,
});

describe('table()', () => {
  test('is laid out as kubectl does it', () => {
    expect(
      table([
        ['NAME', 'A', 'AGE'],
        ['long-name', '', '5s'],
      ]),
    ).toBe('NAME        A     AGE\nlong-name         5s');
  });

  test('keeps its columns for rows that come later', () => {
    const layout = columns();
    layout.lines([['a-long-name', 'x']]);
    expect(layout.lines([['b', 'y']])).toEqual(['b             y']);
  });

  test('has no line break or escape sequence in a cell', () => {
    expect(table([['a\nb\u001B[2Jc\u202Ed', 'x']])).toBe('a?b?[2Jc?d   x');
  });
});

test('renderDescription() tells all', () => {
  const events = happened('first', 'second');
  expect(renderDescription(aModule(), { events, report: undefined, receipts: [], now: NOON }))
    .toMatchInlineSnapshot(`
      "Name:         web
      Labels:       <none>
      Annotations:  <none>
      Created:      2026-01-01T07:00:00.000Z
      Generation:   2 (observed 2)
      Version:      1.0.0
      Type:         miner
      Description:  Serves
      Phase:        Degraded
      Replicas:     2 wanted, 2 exist, 1 ready
      Commit:       <none>
      Image:        sample:1
      Digest:       <none>
      Revision:     <none>
      Conditions:
        TYPE    STATUS   REASON      SINCE   MESSAGE
        Ready   False    CrashLoop   90s     web-0 exits with 1
      Containers:
        SLOT   NAME            STATE    HEALTH   RESTARTS   STARTED   LAST EXIT
        0      web-aaaaaaa-0   exited   none     4          <none>    Error (1), 12s ago: boom
      Events:
        LAST SEEN           MESSAGE
        60s (x3 over 10m)   first
        60s (x3 over 10m)   second"
    `);
});

test('renderDescription() tells why containers are unhealthy and when they are restarted', () => {
  const [container] = aModule().status.containers;
  if (container === undefined) throw new Error('There is no container');
  const ill = {
    ...{ ...container, health: 'unhealthy' as const, healthMessage: 'it fails its health check' },
    ...{ unhealthySince: at(8), retryAt: at(-12) },
  };
  const containers = [container, ill, { ...ill, retryAt: at(12) }];
  const text = renderDescription(aModule({ containers }), {
    ...{ events: happened(), report: undefined, receipts: [], now: NOON },
  });
  expect(text).toContain(`
Unhealthy:
  SLOT   SINCE   RESTARTED AT               WHY
  0      8s      2026-01-01T12:00:12.000Z   it fails its health check
  0      8s      now                        it fails its health check
`);
});

test('renderDescription() shows no control character of a hostile module', () => {
  const hostile = JSON.parse(
    JSON.stringify(aModule())
      .replaceAll('web', 'w\\u001b[31mb\\u0007')
      .replaceAll('boom', '\\u009b2J'),
  ) as Module;
  const text = renderDescription(hostile, {
    ...{ events: happened('e\u001B]0;x'), report: undefined, receipts: [], now: NOON },
  });
  // oxlint-disable-next-line no-control-regex -- that is what must not be there
  expect(text).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F]/);
});

describe('renderObject()', () => {
  const revision = {
    ...{ apiVersion: 'example.com/v1', kind: 'Thing' },
    metadata: {
      name: 'web-1',
      namespace: 'default',
      resourceVersion: '7',
      labels: { app: 'web' },
      annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}' },
      creationTimestamp: '2026-01-01T07:00:00Z',
      managedFields: [],
    },
    spec: {
      replicaCount: 2,
      command: ['run', ''],
      env: [{ name: 'A', value: '1' }, { name: 'B' }],
      empty: {},
      none: null,
      'odd-key/x': false,
    },
    status: { phase: 'Running' },
  };

  test('tells all of an object of any kind', () => {
    expect(renderObject(revision, happened('Started'))).toMatchInlineSnapshot(`
      "Name:         web-1
      Namespace:    default
      Labels:       app=web
      Annotations:  <none>
      API Version:  example.com/v1
      Kind:         Thing
      Created:      2026-01-01T07:00:00Z
      Spec:
        Replica Count:  2
        Command:
          - run
          - <none>
        Env:
          - Name:  A
            Value:  1
          - Name:  B
        Empty:  <none>
        None:  <none>
        odd-key/x:  false
      Status:
        Phase:  Running
      Events:
        LAST SEEN           MESSAGE
        60s (x3 over 10m)   Started"
    `);
  });

  test('shows no control character, in keys or in values', () => {
    const hostile = JSON.parse(
      JSON.stringify(revision).replaceAll('web', 'w\\u001b[31m').replaceAll('odd', '\\u009b2J\\n'),
    ) as typeof revision;
    const text = renderObject(hostile, happened());
    // oxlint-disable-next-line no-control-regex -- that is what must not be there
    expect(text).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F]/);
    expect(text).toContain('Events:  <none>');
  });
});

describe('a table of objects', () => {
  const shown = {
    resource: MODULES,
    columns: [
      { name: 'Name', format: 'name', priority: 0 },
      { name: 'Restarts', priority: 0 },
      { name: 'Image', priority: 1 },
    ],
    entries: [],
  };
  const web = anEntry('web', ['web', 3, 'a:1'], { app: 'x', 'example.com/tier': 'back' });
  const api = anEntry('api', ['api', null, 'b:1']);

  test('has the titles of its columns once', () => {
    const objects = new ObjectTable(shown, PLAIN_TABLE);
    expect(objects.lines([])).toBe('');
    expect(objects.lines([web])).toBe('NAME   RESTARTS\nweb    3');
    expect(objects.lines([api])).toBe('api');
  });

  test.for([
    [{ wide: true }, 'NAME   RESTARTS   IMAGE\nweb    3          a:1'],
    [{ headers: false }, 'web   3'],
    [
      { labels: ['app', 'example.com/tier', '__proto__'] },
      'NAME   RESTARTS   APP   TIER   __PROTO__\nweb    3          x     back',
    ],
    [
      { showLabels: true },
      'NAME   RESTARTS   LABELS\nweb    3          app=x,example.com/tier=back',
    ],
    [
      { withKind: true },
      'NAME                                    RESTARTS\nmodule.registrar.synapsis.network/web   3',
    ],
  ] as const)('with %j', ([options, text]) => {
    expect(new ObjectTable(shown, { ...PLAIN_TABLE, ...options }).lines([web])).toBe(text);
  });

  test('shows no control character of a hostile server', () => {
    const hostile = anEntry('w', ['w\u001b[31m', '\u009b'], { a: '\u202e' });
    const options = { ...PLAIN_TABLE, showLabels: true };
    expect(new ObjectTable(shown, options).lines([hostile])).toBe(
      'NAME     RESTARTS   LABELS\nw?[31m   ?          a=?',
    );
  });
});

describe('renderPlan()', () => {
  const plan = {
    actions: [
      { symbol: '-' as const, text: 'remove container web-0', because: 'spec.image changed' },
      { symbol: '+' as const, text: 'create container web-1', because: 'slot 0 has no container' },
    ],
    changes: [
      { path: 'spec.image', from: 'a:1', to: 'a:2' },
      { path: 'spec.args[0]', from: undefined, to: 'x' },
      { path: 'spec.env[0]', from: { name: 'A' }, to: undefined },
    ],
  };

  test('is a tree with reasons', () => {
    expect(renderPlan({ kind: 'module', name: 'web' }, true, plan, false)).toMatchInlineSnapshot(`
      "~ module/web
          ~ spec.image: "a:1" → "a:2"
          + spec.args[0]: "x"
          - spec.env[0]: {"name":"A"}
          - remove container web-0 (spec.image changed)
          + create container web-1 (slot 0 has no container)"
    `);
  });

  test('tells the order in which containers change before what is done', () => {
    const strategy = { order: 'stop-first' as const, because: 'both write to volume "state"' };
    const shown = renderPlan({ kind: 'module', name: 'web' }, true, { ...plan, strategy }, false);
    expect(shown).toContain(
      '- spec.env[0]: {"name":"A"}\n    stop-first: both write to volume "state"\n    - remove',
    );
  });

  test('of a new module leaves out the fields, which are all new', () => {
    expect(renderPlan({ kind: 'module', name: 'web' }, false, plan, false)).toMatchInlineSnapshot(`
      "+ module/web
          - remove container web-0 (spec.image changed)
          + create container web-1 (slot 0 has no container)"
    `);
  });

  test('has colours only when asked', () => {
    expect(renderPlan({ kind: 'module', name: 'web' }, true, plan, true)).toContain('\u001B[33m');
    expect(renderPlan({ kind: 'module', name: 'web' }, true, plan, false)).not.toContain('\u001B');
  });

  test('shows no control character of a value', () => {
    const changes = [{ path: 'spec.image', from: '\u009B', to: '\u202E' }];
    expect(renderPlan({ kind: 'module', name: 'web' }, true, { actions: [], changes }, false)).toBe(
      '~ module/web\n    ~ spec.image: "?" → "?"',
    );
  });

  test('is empty without actions and changes', () => {
    expect(isEmptyPlan({ actions: [], changes: [] })).toBe(true);
    expect(isEmptyPlan({ ...plan, actions: [] })).toBe(false);
  });
});

describe('renderError()', () => {
  const cause = (field: string) => ({
    field,
    message: 'Required value',
    reason: 'FieldValueRequired' as const,
  });

  test.for([
    [new Error('boom'), 'error: boom'],
    [new RegistrarError('BAD_REQUEST', 'No'), 'error: No'],
    [
      new ServerError(409, { reason: 'Conflict', message: 'changed' }),
      'Error from server (Conflict): changed',
    ],
    [new ServerError(500, {}), 'Error from server (Unknown): HTTP status 500'],
    [new ServerError(422, { reason: 'Invalid', message: 'no' }), 'The request is invalid: no'],
    [
      new ServerError(422, {
        reason: 'Invalid',
        details: { name: 'web', causes: [cause('spec.a')] },
      }),
      'The Module "web" is invalid: spec.a: Required value',
    ],
    [
      new ServerError(422, {
        reason: 'Invalid',
        details: { name: 'web', causes: [cause('spec.a'), cause('spec.b')] },
      }),
      'The Module "web" is invalid:\n* spec.a: Required value\n* spec.b: Required value',
    ],
  ] as const)('%s', ([error, text]) => {
    expect(renderError(error)).toBe(text);
  });
});

test('renderDocument() hides managedFields and keeps a key named __proto__ a key', async () => {
  const object = JSON.parse(
    '{"b": 1, "metadata": {"managedFields": [], "__proto__": {"x": 1}}}',
  ) as object;
  expect(await renderDocument(object, 'json')).toBe(
    '{\n    "b": 1,\n    "metadata": {\n        "__proto__": {\n            "x": 1\n        }\n    }\n}',
  );
});

test('safeText() keeps lines and tabs, and nothing else that does not print', () => {
  expect(safeText('a\tb\nc\r\u001B[0m\u0000é\u202E')).toBe('a\tb\nc??[0m?é?');
});
