import { describe, expect, it } from 'vitest';
import type { ObservedContainer } from '../../src/model/container.js';
import { describe as sentence } from '../../src/plan/action.js';
import type { Desired } from '../../src/plan/desired.js';
import type { SlotHistory } from '../../src/plan/history.js';
import { newHistory } from '../../src/plan/history.js';
import { plan } from '../../src/plan/plan.js';
import {
  aContainer,
  aDesired,
  anExited,
  LIMITS,
  NOON,
  OTHER_REVISION,
  REVISION,
} from '../helpers/builders.js';

interface Row {
  readonly name: string;
  readonly desired?: Partial<Desired>;
  readonly observed?: readonly ObservedContainer[];
  readonly histories?: readonly SlotHistory[];
  readonly actions?: readonly string[];
  readonly waits?: readonly string[];
}

const name = 'web-aaaaaaa-0';
const old = 'web-bbbbbbb-0';
const soon = new Date(NOON + 10_000).toISOString();

const ROWS: readonly Row[] = [
  {
    name: 'fills an empty slot',
    actions: [
      `create container ${name}: slot 0 has no container`,
      `start container ${name}: slot 0 has no container`,
    ],
  },
  { name: 'leaves a running container alone', observed: [aContainer()] },
  {
    name: 'replaces a container that runs another image than its revision stands for',
    observed: [aContainer({ imageId: 'sha256:other', createdFrom: 'sample:1' })],
    actions: [
      `stop container ${name}: it runs another image than the one that was verified`,
      `remove container ${name}: it runs another image than the one that was verified`,
      `create container ${name}: it runs another image than the one that was verified`,
      `start container ${name}: it runs another image than the one that was verified`,
    ],
  },
  {
    name: 'replaces a container whose files of Secrets are gone, and waits for no delay',
    observed: [anExited({}, { lostFiles: true })],
    histories: [{ ...newHistory(0, REVISION), failures: 3, retryAt: soon }],
    actions: [
      `remove container ${name}: its files of Secrets are gone`,
      `create container ${name}: its files of Secrets are gone`,
      `start container ${name}: its files of Secrets are gone`,
    ],
  },
  {
    name: 'leaves a container running whose files of Secrets are gone',
    observed: [aContainer({ lostFiles: true })],
  },
  {
    name: 'leaves a container alone whose files are gone while nothing could take its place',
    desired: { target: undefined },
    observed: [anExited({}, { lostFiles: true })],
    actions: [],
  },
  {
    name: 'leaves a container alone whose image the engine only calls otherwise',
    observed: [aContainer({ imageId: 'sha256:manifest', createdFrom: 'sha256:image' })],
  },
  {
    name: 'leaves a container alone of which the engine does not tell what it was created from',
    observed: [aContainer({ imageId: 'sha256:manifest', createdFrom: undefined })],
  },
  {
    name: 'leaves a container alone that the engine restarts',
    observed: [aContainer({ state: 'restarting' })],
  },
  {
    name: 'starts a container that exited',
    observed: [anExited({ exitCode: 3 })],
    actions: [`start container ${name}: it exited with code 3`],
  },
  {
    name: 'starts a container that was created and never started',
    observed: [aContainer({ state: 'created' })],
    actions: [`start container ${name}: it was created but not started`],
  },
  {
    name: 'waits out the crash-loop delay of a container',
    observed: [anExited({})],
    histories: [{ ...newHistory(0, REVISION), failures: 2, retryAt: soon }],
    waits: ['0: it exited with code 1'],
  },
  {
    name: 'names memory as the reason when the container ran out of it',
    observed: [anExited({ exitCode: 137 }, { oomKilled: true })],
    actions: [`start container ${name}: it ran out of memory`],
  },
  {
    name: 'replaces a container of another revision: stopped only when the new one is there',
    observed: [aContainer({ owner: { revision: OTHER_REVISION } })],
    actions: [
      `create container ${name}: revision bbbbbbb gives way to aaaaaaa`,
      `stop container ${old}: revision bbbbbbb gives way to aaaaaaa, and stops first: spec.strategy.type is Recreate`,
      `start container ${name}: revision bbbbbbb gives way to aaaaaaa`,
    ],
  },
  {
    name: 'does not stop a container that does not run before it replaces it',
    observed: [anExited({}, { owner: { revision: OTHER_REVISION } })],
    actions: [
      `create container ${name}: revision bbbbbbb gives way to aaaaaaa`,
      `start container ${name}: revision bbbbbbb gives way to aaaaaaa`,
    ],
  },
  {
    name: 'removes a dead container before it makes another of the same name',
    observed: [aContainer({ state: 'dead' })],
    actions: [
      `remove container ${name}: the engine calls it dead`,
      `create container ${name}: the engine calls it dead`,
      `start container ${name}: the engine calls it dead`,
    ],
  },
  {
    name: 'keeps another revision running while the image cannot be had',
    desired: { target: undefined },
    observed: [aContainer({ owner: { revision: OTHER_REVISION } })],
  },
  {
    name: 'starts another revision again while the image cannot be had',
    desired: { target: undefined },
    observed: [anExited({}, { owner: { revision: OTHER_REVISION } })],
    actions: [`start container ${old}: it exited with code 1`],
  },
  { name: 'creates nothing without an image', desired: { target: undefined } },
  {
    name: 'unpauses',
    observed: [aContainer({ state: 'paused' })],
    actions: [`unpause container ${name}: it is paused`],
  },
  {
    name: 'puts a container back on its network',
    observed: [aContainer({ address: '' })],
    actions: [`connect container ${name} to its network: it is not on its network`],
  },
  {
    name: 'gives a renamed container its name back',
    observed: [aContainer({ name: 'mine' })],
    actions: [`rename container mine to ${name}: it was renamed to mine`],
  },
  {
    name: 'resets limits that were changed by hand',
    observed: [aContainer({ limits: { ...LIMITS, pids: 9 } })],
    actions: [`reset the limits of container ${name}: its process limit is 9 instead of 256`],
  },
  {
    name: 'resets no limit that the host cannot keep',
    observed: [aContainer({ limits: { nanoCpus: LIMITS.nanoCpus } })],
  },
  {
    name: 'scales down from the end',
    observed: [aContainer(), aContainer({ owner: { slot: 1 } })],
    actions: [
      'stop container web-aaaaaaa-1: the module is scaled down',
      'remove container web-aaaaaaa-1: the module is scaled down',
    ],
  },
  {
    name: 'removes what a suspended module has',
    desired: { replicas: 0, scale: 'suspended' },
    observed: [anExited({})],
    actions: [`remove container ${name}: the module is suspended`],
  },
  {
    name: 'removes what a deleted module has, image or not',
    desired: { replicas: 0, scale: 'deleted', target: undefined },
    observed: [aContainer({ state: 'paused' })],
    actions: [
      `stop container ${name}: the module is deleted`,
      `remove container ${name}: the module is deleted`,
    ],
  },
  {
    name: 'waits for a removal that is under way',
    observed: [aContainer({ state: 'removing' })],
    waits: [`0: ${name} is being removed`],
  },
  {
    name: 'removes the younger of two containers in one slot',
    observed: [
      aContainer({ id: 'younger', createdAt: '2026-01-01T11:59:00Z', name: 'copy' }),
      aContainer({ id: 'older' }),
    ],
    actions: [
      'stop container copy: slot 0 has another container',
      'remove container copy: slot 0 has another container',
    ],
  },
  {
    name: 'removes what an older module of the same name left',
    observed: [aContainer({ owner: { uid: 'uid-0' } })],
    actions: [
      `stop container ${name}: it belongs to a deleted module of the same name`,
      `remove container ${name}: it belongs to a deleted module of the same name`,
      `create container ${name}: slot 0 has no container`,
      `start container ${name}: slot 0 has no container`,
    ],
  },
];

describe('plan()', () => {
  it.each(ROWS)('$name', ({ desired, observed = [], histories = [], actions = [], waits = [] }) => {
    const result = plan(aDesired(desired), observed, histories, NOON);
    expect(result.actions.map((action) => `${sentence(action)}: ${action.because}`)).toEqual(
      actions,
    );
    expect(result.waits.map((wait) => `${wait.slot}: ${wait.because}`)).toEqual(waits);
  });
});
