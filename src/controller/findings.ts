import type { ModuleVersion } from '../kinds/module-version/schema.js';
import type { NewCondition } from '../model/conditions.js';
import type { ObservedContainer } from '../model/container.js';
import type { Unmet } from '../model/dependencies.js';
import type { Module } from '../model/module.js';
import type { Desired } from '../plan/desired.js';
import type { SlotHistory } from '../plan/history.js';
import type { RolloutMemory } from '../plan/rollout.js';
import type { Blueprint } from './blueprint.js';
import type { Preparation } from './preparation/prepare.js';
import type { Outcome } from './outcome.js';
import type { Updates } from './updates/wanted.js';

/** Everything a status is made from. */
export interface Findings {
  readonly module: Module;
  readonly desired: Desired;
  readonly containers: readonly ObservedContainer[];
  readonly histories: readonly SlotHistory[];
  readonly outcome: Outcome;
  /** False while the engine cannot be asked: then nothing about containers is known for sure. */
  readonly engineSeen: boolean;
  readonly preparation: Preparation;
  /** What following the source found; its condition is absent while nothing is followed. */
  readonly updates: Updates;
  /** What the spec asks for; undefined while it may not run. */
  readonly wanted: Blueprint | undefined;
  readonly memory: RolloutMemory;
  /** The version that containers are made from, if that is one, and what was published as it. */
  readonly version: string | undefined;
  readonly release: ModuleVersion | undefined;
  /** What it depends on and cannot use now. */
  readonly unmet: readonly Unmet[];
  /** From the config directory: the module's file is missing or broken. */
  readonly notice: Omit<NewCondition, 'observedGeneration'> | undefined;
  /** Wall-clock milliseconds. */
  readonly now: number;
}
