import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { eventOf } from '../../src/docker/events.js';
import { observedOf, summaryOf } from '../../src/docker/observe.js';
import { ownerLabels } from '../../src/model/owner.js';
import { anOwner } from '../helpers/requests.js';

const SCOPE = { instanceId: 'instance-1', network: 'registrar-instance' };
const ID = 'a'.repeat(64);

const listed = (overrides: object = {}): object => ({
  Id: ID,
  Names: ['/web-aaaaaaa-0'],
  ImageID: 'sha256:image',
  Labels: ownerLabels(anOwner()),
  State: 'running',
  Status: 'Up 2 minutes',
  Created: 1_700_000_000,
  NetworkSettings: { Networks: { 'registrar-instance': { IPAddress: '172.18.0.2' } } },
  ...overrides,
});

const inspected = (overrides: { State?: object; HostConfig?: object } = {}): object => ({
  Id: ID,
  Name: '/web-aaaaaaa-0',
  Image: 'sha256:image',
  Created: '2023-11-14T22:13:20.123456789Z',
  Config: { Labels: ownerLabels(anOwner()) },
  RestartCount: 2,
  NetworkSettings: { Networks: { 'registrar-instance': { IPAddress: '172.18.0.2' } } },
  ...overrides,
  State: { Status: 'running', StartedAt: '2023-11-14T22:13:21.5Z', ...overrides.State },
  HostConfig: { Memory: 1, NanoCpus: 2, PidsLimit: 3, ...overrides.HostConfig },
});

describe('summaryOf', () => {
  test('reads an entry of the list', () => {
    expect(summaryOf(listed(), SCOPE)).toEqual({
      ...{ id: ID, name: 'web-aaaaaaa-0', owner: anOwner(), imageId: 'sha256:image' },
      ...{ state: 'running', health: 'none', address: '172.18.0.2' },
      createdAt: '2023-11-14T22:13:20Z',
    });
  });

  test.each([
    ['Up 5 seconds (health: starting)', 'running', 'starting'],
    ['Up 5 minutes (healthy)', 'running', 'healthy'],
    ['Up 5 minutes (unhealthy)', 'running', 'unhealthy'],
    ['Up 5 minutes (Paused)', 'paused', 'none'],
    ['Exited (0) 5 minutes ago', 'exited', 'none'],
    ['Up (healthy) by name only', 'running', 'none'],
  ])('status "%s" of a %s container means %s', (Status, State, health) => {
    expect(summaryOf(listed({ Status, State }), SCOPE)).toMatchObject({ state: State, health });
  });

  test.each([
    ['another instance', { Labels: ownerLabels(anOwner({ instance: 'instance-2' })) }],
    ['no labels', { Labels: null }],
    [
      'a label missing',
      { Labels: { ...ownerLabels(anOwner()), 'registrar.synapsis.network/uid': '' } },
    ],
    ['an id that is a path', { Id: '../../images/json' }],
    ['a short id', { Id: 'aaaaaaaaaaaa' }],
    ['an unknown state', { State: '__proto__' }],
    ['no state', { State: undefined }],
  ])('skips an entry with %s', (_case, overrides) => {
    expect(summaryOf(listed(overrides), SCOPE)).toBeUndefined();
  });

  test('an entry that says little is read as far as it goes', () => {
    const { Id, Labels, State } = listed() as Record<string, unknown>;
    expect(summaryOf({ Id, Labels, State }, SCOPE)).toMatchObject({
      ...{ name: '', imageId: '', address: '', createdAt: '1970-01-01T00:00:00Z' },
    });
  });
});

describe('observedOf', () => {
  test('reads an inspection', () => {
    const State = { ExitCode: 137, OOMKilled: true, FinishedAt: '2023-11-14T22:13:22Z' };
    expect(observedOf(inspected({ State }), SCOPE)).toEqual({
      ...summaryOf(listed(), SCOPE),
      ...{ exitCode: 137, oomKilled: true, error: '', restartCount: 2 },
      ...{ limits: { memoryBytes: 1, nanoCpus: 2, pids: 3 }, memberships: [] },
      ...{ startedAt: '2023-11-14T22:13:21.5Z', finishedAt: '2023-11-14T22:13:22Z' },
    });
  });

  test('the first day of year one means never', () => {
    const State = { StartedAt: '0001-01-01T00:00:00Z', FinishedAt: '0001-01-01T00:00:00Z' };
    const observed = observedOf(inspected({ State }), SCOPE);
    expect(observed).toMatchObject({ startedAt: undefined, finishedAt: undefined });
  });

  test.each([
    ['running', 'unhealthy', 'unhealthy'],
    ['exited', 'unhealthy', 'none'],
    ['paused', 'healthy', 'none'],
    ['running', 'constructor', 'none'],
  ])('a %s container with health %s shows %s, as in a list', (Status, health, shown) => {
    const State = { Status, Health: { Status: health } };
    expect(observedOf(inspected({ State }), SCOPE)?.health).toBe(shown);
  });

  test('limits that are not set are 0', () => {
    const HostConfig = { Memory: 0, NanoCpus: 0, PidsLimit: null };
    const limits = { memoryBytes: 0, nanoCpus: 0, pids: 0 };
    expect(observedOf(inspected({ HostConfig }), SCOPE)?.limits).toEqual(limits);
  });

  test('limits that the host cannot hold a container to are left out', () => {
    const HostConfig = { Memory: 0, NanoCpus: 5, PidsLimit: null };
    const observed = observedOf(inspected({ HostConfig }), SCOPE, new Set(['memoryBytes', 'pids']));
    expect(observed?.limits).toEqual({ nanoCpus: 5 });
  });

  test('the text of a failed start is cleaned', () => {
    const State = { Error: 'exec \u001b[2J"x": https://a:b@c/' };
    expect(observedOf(inspected({ State }), SCOPE)?.error).toBe('exec ?[2J"x": https://***@c/');
  });
});

const anything = fc.anything({ withNullPrototype: true, withBigInt: false, maxDepth: 4 });

describe('an engine that says anything', () => {
  property.prop([anything])('is never a crash', (value) => {
    expect(summaryOf(value, SCOPE)).toBeUndefined();
    expect(observedOf(value, SCOPE)).toBeUndefined();
    expect(eventOf(JSON.stringify(value) ?? '')).toBeUndefined();
  });

  property.prop([fc.dictionary(fc.constantFrom(...Object.keys(inspected())), anything)])(
    'in fields we read is never a crash',
    (fields) => {
      const identity = {
        Id: ID,
        Config: { Labels: ownerLabels(anOwner()) },
        Labels: ownerLabels(anOwner()),
      };
      const states = [undefined, 'running'];
      for (const state of states) {
        const entry = { ...fields, ...identity, ...(state && { State: state }) };
        expect(summaryOf(entry, SCOPE)?.id ?? ID).toBe(ID);
        expect(observedOf({ ...entry, State: { Status: state } }, SCOPE)?.id ?? ID).toBe(ID);
      }
    },
  );
});

describe('eventOf', () => {
  const line = (overrides: object = {}, attributes: object = ownerLabels(anOwner())): string =>
    JSON.stringify({
      Type: 'container',
      Action: 'die',
      Actor: { ID, Attributes: attributes },
      ...overrides,
    });

  test('names the container, its module and what happened', () => {
    expect(eventOf(line())).toEqual({ kind: 'container', id: ID, module: 'web', action: 'die' });
  });

  test('a change of health is one action, whatever the health', () => {
    expect(eventOf(line({ Action: 'health_status: unhealthy' }))).toMatchObject({
      action: 'health_status',
    });
  });

  test.each(['exec_start: sh -c true', 'exec_die', 'attach', 'archive-path', 'top', ''])(
    'action "%s" is noise',
    (Action) => {
      expect(eventOf(line({ Action }))).toBeUndefined();
    },
  );

  test('an event of a network or without a module is not ours', () => {
    expect(eventOf(line({ Type: 'network' }))).toBeUndefined();
    expect(eventOf(line({}, {}))).toBeUndefined();
    expect(eventOf('{"Type":')).toBeUndefined();
  });
});
