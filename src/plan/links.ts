import type { Membership, ObservedContainer } from '../model/container.js';
import { containerName } from '../model/owner.js';
import type { Action } from './action.js';
import { isReadyIn } from './situation.js';
import type { Situation } from './situation.js';

/** What containers reach by name, and whether they are reached. */
export interface Links {
  /** Modules that are needed. */
  readonly uses: readonly string[];
  /** Others need the module: they reach its containers by its name once these are ready. */
  readonly isUsed: boolean;
}

/**
 * What brings a container that is to stay onto the networks that it belongs on. A ready container has
 * the name of its module there; it keeps that while it runs, as there may be no other to ask.
 */
export function link(container: ObservedContainer, situation: Situation): Action[] {
  const { memberships, state } = container;
  if (memberships === undefined || state === 'removing' || state === 'dead') return [];
  return [
    ...memberships.flatMap((one) => leave(container, one, situation)),
    ...uses(container, memberships, situation),
    ...offer(container, memberships, situation),
  ];
}

function leave(container: ObservedContainer, { of }: Membership, situation: Situation): Action[] {
  const { links, module } = situation.desired;
  const it = { ...thing(container), kind: 'leaveNetwork' as const, of };
  if (of !== module) {
    const because = `module "${of}" is not needed any more`;
    return links.uses.includes(of) ? [] : [{ ...it, because }];
  }
  if (!links.isUsed) return [{ ...it, because: 'no other module needs it any more' }];
  // Started again it would have the name at once, before it is ready.
  const isStopped = container.state === 'exited' || container.state === 'created';
  return isStopped ? [{ ...it, because: 'it does not run' }] : [];
}

const uses = (
  container: ObservedContainer,
  memberships: readonly Membership[],
  { desired: { links } }: Situation,
): Action[] =>
  links.uses
    .filter((of) => !memberships.some((one) => one.of === of))
    .map((of) => ({
      ...{ ...thing(container), kind: 'joinNetwork', of, isNamed: false },
      because: `it needs module "${of}"`,
    }));

function offer(
  container: ObservedContainer,
  memberships: readonly Membership[],
  situation: Situation,
): Action[] {
  const { links, module } = situation.desired;
  const isNamed = memberships.some((one) => one.of === module && one.isNamed);
  if (!links.isUsed || isNamed || !isReadyIn(container, situation)) return [];
  const because = 'it is ready, and other modules need it';
  return [{ ...thing(container), kind: 'joinNetwork', of: module, isNamed: true, because }];
}

/** What takes the name from a container that others take over from, while it can still answer. */
export function withdraw(container: ObservedContainer, because: string): Action[] {
  const { memberships = [], owner, state } = container;
  const isReached = memberships.some(({ isNamed }) => isNamed) && state === 'running';
  if (!isReached) return [];
  return [{ ...thing(container), kind: 'withdrawContainer', of: owner.module, because }];
}

function thing({ id, owner }: ObservedContainer): {
  slot: number;
  revision: string;
  id: string;
  name: string;
} {
  const { slot, revision } = owner;
  return { slot, revision, id, name: containerName(owner) };
}
