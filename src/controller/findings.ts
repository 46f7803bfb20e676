import type { NewCondition } from '../model/conditions.js';
import type { ObservedContainer } from '../model/container.js';
import type { Module } from '../model/module.js';
import type { Desired } from '../plan/desired.js';
import type { SlotHistory } from '../plan/history.js';
import type { ResolvedImage } from './image.js';
import type { Outcome } from './outcome.js';

/** Everything a status is made from. */
export interface Findings {
  readonly module: Module;
  readonly desired: Desired;
  readonly containers: readonly ObservedContainer[];
  readonly histories: readonly SlotHistory[];
  readonly outcome: Outcome;
  /** False while the engine cannot be asked: then nothing about containers is known for sure. */
  readonly engineSeen: boolean;
  readonly image: ResolvedImage | undefined;
  /** What the image stage says when it has no image. */
  readonly imageProblem: Outcome | undefined;
  /** From the config directory: the module's file is missing or broken. */
  readonly notice: Omit<NewCondition, 'observedGeneration'> | undefined;
  /** Wall-clock milliseconds. */
  readonly now: number;
}
