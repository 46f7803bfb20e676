import { styleText } from 'node:util';
import { printable } from '../../lib/printable.js';
import type { PlanPreview } from '../../controller/operations.js';
import type { FieldChange } from '../../lib/field-changes.js';

const COLOURS = { '+': 'green', '-': 'red', '~': 'yellow' } as const;
const LONGEST_VALUE = 200;

export const UP_TO_DATE = 'Everything is up to date.';

const paint = (symbol: keyof typeof COLOURS, text: string, colour: boolean): string =>
  colour ? styleText(COLOURS[symbol], text, { validateStream: false }) : text;

const shown = (value: unknown): string => printable(JSON.stringify(value) ?? 'null', LONGEST_VALUE);

/** A field that changes, as a line. */
export function renderChange({ path, from, to }: FieldChange, colour: boolean): string {
  const field = printable(path);
  if (from === undefined) return paint('+', `    + ${field}: ${shown(to)}`, colour);
  if (to === undefined) return paint('-', `    - ${field}: ${shown(from)}`, colour);
  return paint('~', `    ~ ${field}: ${shown(from)} → ${shown(to)}`, colour);
}

/** True when applying would change neither the object nor its containers. */
export function isEmptyPlan({ actions, changes }: PlanPreview): boolean {
  return actions.length === 0 && changes.length === 0;
}

/**
 * The plan of one object as a tree: its fields that change, then in which order containers
 * change and why, and what would be done and why.
 * `exists` is false for one that would be created.
 */
export function renderPlan(
  { kind, name }: { readonly kind: string; readonly name: string },
  exists: boolean,
  plan: PlanPreview,
  colour: boolean,
): string {
  const symbol = exists ? '~' : '+';
  const head = paint(symbol, `${symbol} ${kind}/${printable(name)}`, colour);
  const actions = plan.actions.map(({ symbol: mark, text, because }) => {
    const line = `    ${mark} ${printable(text)}`;
    return `${paint(mark, line, colour)} (${printable(because)})`;
  });
  const strategy = plan.strategy
    ? [`    ${plan.strategy.order}: ${printable(plan.strategy.because)}`]
    : [];
  const changes = exists ? plan.changes.map((change) => renderChange(change, colour)) : [];
  return [head, ...changes, ...strategy, ...actions].join('\n');
}
