import type { SpecInput } from '../helpers/live-modules.js';

/** What is known of what was asked for: a write whose answer was lost may be stored or not. */
export interface Asked {
  readonly name: string;
  /** Numbers of writes that may be the last one stored: one, unless an answer was lost. */
  possible: Wish[];
  /** Its containers and since when they run, as last seen when nothing was done to it. */
  lives: readonly string[] | undefined;
}

/** What one write asks for. `number` is in the spec, so that it can be told which one is stored. */
export interface Wish {
  readonly number: number;
  readonly ends: 'well' | 'badly' | 'suspended';
  readonly replicas: number;
}

const WAIT = `trap 'exit 0' TERM; while :; do sleep 60 & wait $!; done`;

/** A spec that fulfils a wish. One that ends badly does so before it counts. */
export function specOf({ number, ends, replicas }: Wish): SpecInput {
  const script = ends === 'badly' ? `echo last words; exit 3` : WAIT;
  return {
    ...{ replicas, suspend: ends === 'suspended', command: ['sh', '-c', script] },
    env: [{ name: 'NUMBER', value: String(number) }],
    strategy: { minReadySeconds: ends === 'badly' ? 3 : 0 },
  };
}
