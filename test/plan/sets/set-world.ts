import { timestamp } from '../../../src/lib/clock.js';
import type { Module } from '../../../src/model/module.js';
import type { ModuleSet, ModuleSetSpec } from '../../../src/model/module-set.js';
import { API_VERSION } from '../../../src/model/names.js';
import { owningSet } from '../../../src/model/owner.js';
import { stableHash } from '../../../src/model/stable-hash.js';
import { stampedDraft } from '../../../src/plan/sets/member.js';
import type { Wanted } from '../../../src/plan/sets/member.js';
import type { SetInput } from '../../../src/plan/sets/members.js';
import { nextSteps } from '../../../src/plan/sets/next.js';
import type { SetAction, SetPlan } from '../../../src/plan/sets/next.js';
import { setStatusOf } from '../../../src/plan/sets/status.js';
import { aManifest, NOON } from '../../helpers/builders.js';

/** How modules with a version of the template turn out. */
export type Fate = 'good' | 'failing' | 'troubled' | 'silent';

const SET = 'miners';

/** A set, the modules there are, and what becomes of them, without a store or an engine. */
export class SetWorld {
  now = NOON;
  readonly modules = new Map<string, Module>();
  /** Modules that the set changed, and that were not well since. */
  readonly disturbed = new Set<string>();
  readonly #fates: readonly Fate[];
  #set: ModuleSet;
  #names: readonly string[] = [];
  #version = 0;

  constructor(rollout: Partial<ModuleSetSpec['rollout']>, fates: readonly Fate[]) {
    this.#fates = fates;
    const defaults = {
      maxUnavailable: 1,
      bakeSeconds: 0,
      progressDeadlineSeconds: 600,
      updates: 'Each' as const,
      paused: false,
    };
    this.#set = {
      ...{ apiVersion: API_VERSION, kind: 'ModuleSet' },
      metadata: {
        ...{ name: SET, uid: 'uid-set', resourceVersion: '1', generation: 1 },
        creationTimestamp: timestamp(NOON),
      },
      spec: { replicas: 0, template: { spec: {} }, rollout: { ...defaults, ...rollout } },
      status: {
        ...{ observedGeneration: 0, conditions: [], replicas: 0, readyReplicas: 0 },
        ...{ updatedReplicas: 0, selector: '', instances: [] },
      },
    };
  }

  get status(): ModuleSet['status'] {
    return this.#set.status;
  }

  /** What a person writes into the set. */
  want(names: readonly string[], version: number): void {
    [this.#names, this.#version] = [names, version];
    this.#set = {
      ...this.#set,
      metadata: { ...this.#set.metadata, generation: this.#set.metadata.generation + 1 },
    };
  }

  rollout(change: Partial<ModuleSetSpec['rollout']>): void {
    this.#set = {
      ...this.#set,
      spec: { ...this.#set.spec, rollout: { ...this.#set.spec.rollout, ...change } },
    };
  }

  /** A module that somebody declared. */
  addForeign(name: string): void {
    this.modules.set(name, this.#stored(aManifest(name), undefined));
  }

  plan(): SetPlan {
    return nextSteps(this.#input());
  }

  /** A pass of which only the first actions are carried out, as when the daemon dies: all by itself. */
  pass(most = Number.POSITIVE_INFINITY): readonly SetAction[] {
    const input = this.#input();
    const plan = nextSteps(input);
    this.#set = { ...this.#set, status: setStatusOf(input, plan) };
    const taken = plan.actions.slice(0, most);
    for (const action of taken) this.#take(action);
    return taken;
  }

  /** Each module comes to what its version of the template makes of it. */
  settle(): void {
    for (const [name, module] of this.modules) {
      if (owningSet(module.metadata) !== SET) continue;
      const fate = this.#fates[versionOf(module)] ?? 'good';
      this.modules.set(name, turned(module, fate, this.now));
      if (fate === 'good') this.disturbed.delete(name);
    }
  }

  wait(seconds: number): void {
    this.now += seconds * 1000;
  }

  versions(): Record<string, number> {
    return Object.fromEntries([...this.modules].map(([name, module]) => [name, versionOf(module)]));
  }

  #input(): SetInput {
    const owned = [...this.modules].filter(([, { metadata }]) => owningSet(metadata) === SET);
    const others = [...this.modules.keys()].filter((name) => !owned.some(([own]) => own === name));
    return {
      ...{ set: this.#set, owned: new Map(owned), others: new Set(others), now: this.now },
      wanted: this.#names.map((name) => wantedOf(name, this.#version)),
    };
  }

  #take(action: SetAction): void {
    if (action.kind === 'delete') {
      this.modules.delete(action.module.metadata.name);
      this.disturbed.delete(action.module.metadata.name);
      return;
    }
    const current = action.kind === 'update' ? action.module : undefined;
    const draft = stampedDraft(action.wanted, current, this.#set.metadata);
    this.modules.set(draft.metadata.name, this.#stored(draft, current));
    if (current !== undefined) this.disturbed.add(draft.metadata.name);
  }

  #stored(draft: ReturnType<typeof stampedDraft>, current: Module | undefined): Module {
    const generation = (current?.metadata.generation ?? 0) + 1;
    return {
      ...draft,
      metadata: {
        ...draft.metadata,
        ...{ uid: `uid-${draft.metadata.name}`, resourceVersion: '1', generation },
        creationTimestamp: current?.metadata.creationTimestamp ?? timestamp(this.now),
      },
      status: current?.status ?? {
        ...{ phase: 'Pending', observedGeneration: 0, conditions: [], replicas: 0 },
        ...{ readyReplicas: 0, restarts: 0, containers: [] },
      },
    };
  }
}

const versionOf = ({ spec }: Module): number => Number(spec.version.split('.')[0]);

function wantedOf(instance: string, version: number): Wanted {
  const manifest = aManifest(`${SET}-${instance}`, { version: `${version}.0.0` });
  return { instance, manifest, template: stableHash(manifest).slice(0, 16) };
}

/** A module as the loop would have it after a while. */
function turned(module: Module, fate: Fate, now: number): Module {
  const before = module.status.conditions.find(({ type }) => type === 'Ready');
  const status = fate === 'good' ? ('True' as const) : ('False' as const);
  const isSame = before?.status === status;
  const { generation } = module.metadata;
  const ready = {
    ...{ type: 'Ready', status, reason: 'Told', message: fate, observedGeneration: generation },
    lastTransitionTime: isSame ? before.lastTransitionTime : timestamp(now),
  } as const;
  const phases = {
    good: 'Running',
    failing: 'Degraded',
    troubled: 'Degraded',
    silent: 'Deploying',
  } as const;
  const revision = `revision-${versionOf(module)}`;
  const went = fate === 'failing' ? { rollout: failedRollout(revision) } : {};
  return {
    ...module,
    status: {
      ...module.status,
      ...{ phase: phases[fate], observedGeneration: generation, conditions: [ready] },
      ...{ updatedRevision: revision, ...went },
      ...(fate === 'good' && { currentRevision: revision }),
    },
  };
}

const failedRollout = (to: string): NonNullable<Module['status']['rollout']> => ({
  ...{ number: 1, from: 'before', to, order: 'stop-first', because: 'a port', ready: 0 },
  ...{ state: 'RolledBack', startedAt: timestamp(NOON), progressedAt: timestamp(NOON) },
});
